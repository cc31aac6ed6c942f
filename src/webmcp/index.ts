/** The door of `use-parallel-tools/webmcp`: tools of a chat for the browser's own agent, and the other way. */
export { offerTools, type OfferToolsOptions, type WebMcpFailure } from './offer-tools.ts';
export { webMcpTools, type WebMcpToolsOptions } from './web-mcp-tools.ts';
export type { RegisteredWebMcpTool, WebMcpAnnotations, WebMcpModelContext, WebMcpTool } from './model-context.ts';
