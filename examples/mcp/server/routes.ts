import { postChat } from './chat';

let timesAsked = 0;

/** The file that one of the MCP server's tools fetches. Every second time it is there. */
const getFile = () =>
  timesAsked++ % 2 === 0 ? new Response(null, { status: 204 }) : new Response('Here is the file.');

export const routes = { 'POST /api/chat': postChat, 'GET /api/file': getFile };
