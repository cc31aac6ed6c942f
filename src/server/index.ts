/** The door of `use-parallel-tools/server`: what a route needs. No React, no DOM; Node and edge runtimes. */
export { describeTools, type JsonSchema, type ToolDescription } from '../definitions/describe-tools.ts';
export { toolDefinitions, type ToolDefinitions } from '../core/tool.ts';
export {
  ToolDescriptionError,
  toolsFromDescriptions,
  type ToolsFromDescriptionsOptions,
} from './tools-from-descriptions.ts';
