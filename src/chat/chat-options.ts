/** Owns the options of a chat whose tool calls run, beside those of a runner. */
import type { ChatRequestOptions } from 'ai';
import { expectCount, expectOneOf } from '../core/expect.ts';
import type { ToolPolicyDefaults } from '../core/policy.ts';
import type { ToolRunnerOptions } from '../core/tool-runner.ts';
import type { ToolCallsCallbacks } from './settled-callbacks.ts';

/** What both hooks take beside the tools. */
export interface ToolCallsOptions extends ToolPolicyDefaults, ToolCallsCallbacks {
  /** How many calls may run at once, over all tools and batches. @default 10 */
  concurrency?: number | undefined;
  /** Follow-ups in a row without a message of the user. @default 25 */
  maxFollowUps?: number | undefined;
  /** What `sendMessage` does while calls are open: cancel them, or wait for the batch. @default 'cancel' */
  onNewMessage?: 'cancel' | 'wait' | undefined;
  /** What happens to a call that neither the server ran nor anybody registered. @default 'report' */
  unknownTool?: 'report' | 'ignore' | undefined;
  /** Request options of every follow-up, merged field by field over those of the last message: each header, each field of `body` and `metadata`. */
  followUpOptions?: ChatRequestOptions | undefined;
  /**
   * Sends the definitions of the page's tools as `tools` in the body of each request, follow-ups included, for a server that does not have
   * the tools. It reads them with `toolsFromDescriptions(body.tools)` of `use-parallel-tools/server`. @default false
   */
  sendDefinitions?: boolean | undefined;
}

export type ChatBridgeOptions = ToolCallsOptions & ToolRunnerOptions;

/** @throws TypeError on options that make no sense */
export function expectOptions<TOptions extends ChatBridgeOptions>(options: TOptions): TOptions {
  if (options.maxFollowUps !== undefined) expectCount('`maxFollowUps`', options.maxFollowUps, 0);
  if (options.onNewMessage !== undefined) expectOneOf('`onNewMessage`', options.onNewMessage, ['cancel', 'wait']);
  if (options.unknownTool !== undefined) expectOneOf('`unknownTool`', options.unknownTool, ['report', 'ignore']);
  return options;
}
