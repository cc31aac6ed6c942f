import { POST } from './chat';
import { getWeather } from './weather';

export const routes = { 'POST /api/chat': POST, 'GET /api/weather': getWeather };
