import { postChat } from './chat';
import { getWeather } from './weather';

export const routes = { 'POST /api/chat': postChat, 'GET /api/weather': getWeather };
