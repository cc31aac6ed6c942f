import { postChat } from './chat';

let timesAsked = 0;

/** The file that one of the MCP server's tools fetches. It is there every second time. */
const getFile = () =>
  timesAsked++ % 2 === 0 ? new Response('The disk is asleep', { status: 503 }) : new Response('Here is the file.');

export const routes = { 'POST /api/chat': postChat, 'GET /api/file': getFile };
