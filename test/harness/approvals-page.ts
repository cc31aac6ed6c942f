// Owns: a chat with remembered approvals, and tools that say what they ran: one with a key, one without, and two that destroy something.
import { clientTool, type UseParallelToolsOptions } from 'use-parallel-tools';
import {
  rememberedApprovals,
  type ApprovalMemory,
  type RememberedApprovalsOptions,
} from 'use-parallel-tools/approvals';
import type { ToolCallsPlugin } from 'use-parallel-tools/core';
import type { UIMessage } from 'ai';
import { z } from 'zod';
import { drainFrames } from './final-words.ts';
import { renderChat, type ChatWay } from './render-chat.tsx';

interface ApprovalsPageOptions extends RememberedApprovalsOptions {
  approvals?: ApprovalMemory;
  /** What stands before it. */
  plugins?: ToolCallsPlugin[];
  chat?: Partial<UseParallelToolsOptions<ReturnType<typeof createShopTools>['tools'], UIMessage>>;
  way?: ChatWay;
}

function createShopTools() {
  const ran: string[] = [];
  const run = (name: string) => (input: object) => {
    ran.push(`${name} ${Object.values(input).join(' ')}`);
    return 'done';
  };
  const customer = z.object({ customer: z.string(), amount: z.number().max(500) });
  const path = z.object({ path: z.string() });
  const byPath = ({ path: where }: { path: string }) => where.split('/')[0];
  const tools = {
    /** Its schema turns the name round: the key is made of what the tool gets. */
    refund: clientTool({
      inputSchema: customer,
      approval: true,
      approvalKey: (input) => (input.amount > 100 ? undefined : `customer ${input.customer}`),
      execute: run('refund'),
    }),
    note: clientTool({ inputSchema: z.object({ a: z.string(), b: z.string().optional() }), approval: true, execute: run('note') }),
    remove: clientTool({ inputSchema: path, approval: true, destructive: true, execute: run('remove') }),
    wipe: clientTool({ inputSchema: path, approval: true, destructive: true, approvalKey: byPath, execute: run('wipe') }),
    peek: clientTool({ inputSchema: path, approval: true, persist: false, execute: run('peek') }),
    mail: clientTool({ inputSchema: z.object({ to: z.string() }), approval: true, approvalKey: () => 'any mail', openWorld: true, execute: run('mail') }),
    ticket: clientTool({ inputSchema: path, readOnly: true, untrusted: true, labels: ['personal'], execute: run('ticket') }),
    free: clientTool({ inputSchema: path, execute: run('free') }),
  }; // prettier-ignore
  return { ran, tools };
}

export function openApprovalsPage({ approvals, plugins = [], chat, way, ...options }: ApprovalsPageOptions = {}) {
  const memory = approvals ?? rememberedApprovals(options);
  const shop = createShopTools();
  const page = renderChat({ tools: shop.tools, plugins: [...plugins, memory], ...chat }, way ? { way } : {});
  let taken = 0;
  /** The next answer of the model: to the follow-up that has gone out, or else to a new message of the user. */
  const answer = () => (page.transport.responses.length > taken++ ? page.transport.next() : page.ask());
  return {
    ...page,
    ...shop,
    memory,
    rules: () => memory.store.getState().rules,
    answer,
    /** An answer of the model that makes these calls. */
    async asks(...calls: readonly (readonly [id: string, toolName: string, input: object])[]) {
      await drainFrames();
      const response = (await answer()).start();
      for (const call of calls) response.call(...call);
      response.finish();
      await drainFrames();
    },
    /** The status of each call of the store, as `id: status`. */
    statuses: () => page.calls().map(({ toolCallId, status }) => `${toolCallId}: ${status}`),
    async settle() {
      await drainFrames();
    },
  };
}
