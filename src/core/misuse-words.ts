/**
 * Owns the words for mistakes of a page's author: what happened, why it matters, what to do. Pages in production do not have them: `docs/errors.md`
 * lists them by name.
 */
import { readMessage } from './errors.ts';
import { isPromiseLike } from './schema.ts';
import { show } from './show.ts';

/** What each field or option has to be. */
const EXPECTED: Readonly<Record<string, string>> = {
  after: "a tool's name or an array of names",
  approval: 'a boolean or a function',
  coalesce: '{ max?, wait? } beside `executeMany`',
  'coalesce.wait': "milliseconds from 0 up, or `'step-end'`",
  labels: 'an array of strings, or a function',
  maxFollowUps: 'an integer from 0 up',
  names: "the names of the tools that the browser's agent may call",
  onFailure: "'report' or 'hold'",
  onNewMessage: "'cancel' or 'wait'",
  onReload: "'run' or 'ask' or 'fail'",
  onUnmount: "'abort' or 'finish'",
  persist: "'outcome-only', or a boolean",
  rateLimit: '{ limit, interval, key? }',
  'rateLimit.interval': 'milliseconds from 1 up',
  'rateLimit.key': 'a string',
  retry: 'a number or a boolean or a function',
  retryDelay: 'milliseconds from 0 up, or a function',
  staleTime: 'milliseconds from 0 up, or `Infinity`',
  start: "'eager' or 'step-end', or 'early' for a tool that is `readOnly`",
  timeout: 'milliseconds from 1 up, or `false` for none',
  tools: 'an object of tools by name',
  undoFor: 'milliseconds from 0 up, or `Infinity`',
  unknownTool: "'report' or 'ignore'",
  worker: 'a function that makes a worker: `() => new Worker(new URL(…), { type: "module" })`',
};
const BOOLEANS = /^(readOnly|idempotent|destructive|sequential|dedupe|untrusted|openWorld)$/;
const FUNCTIONS = /^(locks|approvalKey|errorText|isFailure|reconcile|redact|shorten|undo)$/;

function expectedOf(field: string, value: unknown): string {
  if (BOOLEANS.test(field)) return 'a boolean';
  if (FUNCTIONS.test(field)) return 'a function';
  if (field === 'retry' && typeof value === 'number') return 'an integer from 0 up';
  return EXPECTED[field] ?? 'an integer from 1 up';
}

/** What functions of a policy have to give. */
const ANSWERS = {
  approval: '`true` or `false`',
  isFailure: 'a boolean or a string',
  locks: '{ read?: string[], write?: string[] }',
};

/** What has a fault, who threw it, and what becomes of that. */
const FAULTS = {
  journal: [
    'the journal of tool calls has',
    'Its storage',
    '. The chat goes on as without one. Its `onError` hears of each fault.',
  ],
  tabs: ['tabs that share a chat have', 'A tab', ''],
  approvals: ['the storage of remembered approvals has', 'It', '. What is remembered ends with the page.'],
} as const;

/** What a tool is to return in place of a value that JSON cannot carry. */
export const ADVICE = {
  Error: 'return plain data, such as its message, or throw it',
  Map: 'return plain data, such as Object.fromEntries(map)',
  Promise: 'return plain data, such as what it resolves to',
  Response: 'return plain data, such as what its json() or text() gives',
  Set: 'return plain data, such as Array.from(set)',
  class: 'return plain data, such as the fields that matter',
  stream: 'return it by itself, not inside of something else',
  node: 'return its text, or the fields that matter',
  bytes: 'return Array.from(numbers), or bytes as a Base64 string',
  list: 'return Array.from(list)',
  null: 'return null or a string',
  bigint: 'return a string or a number',
  plain: 'return plain data',
  cycle: 'return plain data without cycles',
  depth: 'return flatter data',
  holes: 'return a list without them',
  less: 'return less',
};

/** By the name that stands in production, which `docs/errors.md` lists. */
export const MISUSE_WORDS = {
  // ── Options and policies ───────────────────────────────────────────────────
  field: (field: string, owner: string, value: unknown) =>
    `Expected \`${field}\`${owner} to be ${expectedOf(field, value)}, got ${show(value)}.`,
  value: (name: string, expected: string, value: unknown) => `Expected ${name} to be ${expected}, got ${show(value)}.`,
  answer: (field: keyof typeof ANSWERS, value: unknown) =>
    `expected ${ANSWERS[field]} at once, got ${isPromiseLike(value) ? 'a promise' : show(value)}`,
  entries: (toolName: string, inputs: number, entries: unknown) =>
    `Expected \`executeMany\` of ${toolName} to return one output or Error for each of its ${inputs} inputs, in their order, got ${
      Array.isArray(entries) ? entries.length : show(entries)
    }.`,
  'after-unknown': (toolName: string, other: string, toolNames: Iterable<string>) =>
    `Expected \`after\` of tool \`${toolName}\` to name tools of the same set, got \`${other}\`. The tools are: ${[...toolNames].join(', ')}.`,
  'after-cycle': (cycle: readonly string[]) =>
    `Expected \`after\` to form no cycle, got ${cycle.join(' → ')}: none of these tools could ever start. Take one \`after\` away.`,
  'rate-limits': (key: string, ...limits: readonly { name: string; limit: number; interval: number }[]) =>
    `Expected tools with the same \`rateLimit.key\` to have the same limit, got ${limits
      .map(({ name, limit, interval }) => `${limit} in ${interval} ms for \`${name}\``)
      .join(' and ')}, both with the key \`${key}\`. Give them one limit, or two keys.`,
  'stale-time': (toolName: string, readOnly: boolean) =>
    `Expected tool \`${toolName}\`, which has \`staleTime\`, to ${
      readOnly
        ? 'come with the plugin resultCache() of use-parallel-tools/cache, which keeps results.'
        : 'be `readOnly`: a call that changes something has to run.'
    }`,

  // ── Tools ──────────────────────────────────────────────────────────────────
  tool: (name: string, tool: unknown) =>
    `Expected ${name} to be a tool made with clientTool({ … }) or tool({ … }), got ${show(tool)}.`,
  'input-schema': (name: string, schema: unknown) =>
    `Expected ${name} to have an \`inputSchema\`, got ${show(schema)}. Without one a model's input cannot be checked before the tool runs. ` +
    'For a tool without input write `inputSchema: z.object({})`.',
  execute: (name: string, field: string, execute: unknown) =>
    `Expected \`${field}\` of ${name} to be a function, or to be left out for a tool that a person answers, got ${show(execute)}.`,
  'execute-twice': (name: string) =>
    `Expected ${name} to have either \`execute\` or \`executeMany\`, got both: one of them runs its calls.`,
  'policy-name': (name: string, toolNames: readonly string[]) =>
    `Expected every name given to withPolicy to be a tool, got \`${name}\`. The tools are: ${toolNames.join(', ') || 'none'}.`,
  'provider-tool': (name: string) =>
    `Expected describeTools to get tools that run on this page, got \`${name}\`, which is a provider's own. ` +
    'JSON cannot carry it: give it to `streamText` on the server.',
  'json-schema': (name: string, field: string) =>
    `Expected \`${field}\` of tool \`${name}\` to have a JSON Schema, without which a server cannot show the tool to the model. ` +
    'Use zod, or the `jsonSchema()` of the AI SDK.',
  'two-tools': (toolName: string) =>
    `two components offer a tool named "${toolName}". Calls go to the one that was mounted last, and to the other one only when that has gone. ` +
    'To offer both, give each a `scope`, which becomes part of its name.',
  reconcile: (toolName: string, thrown: unknown) =>
    `\`reconcile\` of the tool "${toolName}" did not say what became of a call: ${readMessage(thrown, 'It')}. A person has to decide. ` +
    'Give the output that the tool would have given, or `undefined` where the service does not know the key.',

  // ── Chats ──────────────────────────────────────────────────────────────────
  chat: (chat: unknown) =>
    `Expected the chat to be what useChat returns, or a Chat of @ai-sdk/react, got ${show(chat)}. It needs id, messages, status, sendMessage and stop.`,
  'own-chat': () =>
    'useParallelTools makes its own chat and takes no `chat`. To run the tool calls of a chat that exists already, use useChatTools(chat, { tools, link }).',
  'two-senders': () =>
    'useParallelTools takes no `sendAutomaticallyWhen`, because it sends the results of each step by itself, and two senders would send them twice. Remove the option.',
  'no-regenerate': () =>
    'This chat has no `regenerate`, so its answer cannot be regenerated. Give useChatTools a chat that has `regenerate`, or hide the button.',
  'two-hooks': (chatId: string) =>
    `two hooks run the tool calls of one chat (${chatId}), so each call would run twice. Only the first one runs them. ` +
    'Call useParallelTools or useChatTools once for each chat, and share its `toolCalls` with ToolCallsProvider.',
  'no-batch': (batchKey: string) =>
    `There is no open batch ${batchKey}, so the call would run outside of any: call openBatch(messageId, step) first.`,
  'no-provider': (reader: string) =>
    `${reader} was rendered outside a ToolCallsProvider, so it does not know which chat's tool calls to read. ` +
    'Wrap your messages: <ToolCallsProvider value={chat.toolCalls}>…</ToolCallsProvider>, with chat = useParallelTools({ … }).',
  'no-root': (name: string, root: string) =>
    `A part was rendered outside ${name}, so it does not know what to show. Put it inside <${root}>…</${name}>.`,
  'provider-value': () =>
    'Expected `value` of ToolCallsProvider to be the `toolCalls` that useParallelTools returns; pass value={chat.toolCalls}.',
  'other-plugins': (before: readonly string[], now: readonly string[]) =>
    `the \`plugins\` of a chat have changed from ${JSON.stringify(before)} to ${JSON.stringify(now)}, which has no effect: they are read when the chat is made. ` +
    'Give the same plugins in each render, or give the hook another `id` with them.',
  fault: (of: keyof typeof FAULTS, thrown: unknown) =>
    `${FAULTS[of][0]} a fault: ${readMessage(thrown, FAULTS[of][1])}${FAULTS[of][2]}`,
  'tabs-alone': () =>
    'this browser, or this page, has no Web Locks or no BroadcastChannel (both need https or localhost), so `sharedTabs()` cannot tell which ' +
    'tab runs the calls of a chat. Every tab runs the calls that it shows: open a chat in one tab at a time.',
  'not-remembered': (toolName: string) =>
    `an answer to a call of "${toolName}" was to be remembered, and is for this call only: its tool allows no more. A \`destructive\` tool says with \`approvalKey\` ` +
    'which calls an answer covers, and one with `approvalKey` for which calls there is none by giving `undefined`.',
  'not-early': (toolName: string, field: string) =>
    `the tool "${toolName}" has \`start: 'early'\` and \`${field}\`, with which its calls cannot run before their input is complete: they start as with 'eager'. ` +
    'Remove one of the two.',
  'not-offered': (toolName: string, thrown: unknown) =>
    `the browser has not taken the tool "${toolName}", so its agent cannot call it: ${readMessage(thrown, 'The browser')}. ` +
    'A name has at most 128 letters, digits, `_`, `-` and `.`, and is registered once on a page.',

  // ── Answers and requests ───────────────────────────────────────────────────
  'missing-link': (toolNames: readonly string[]) =>
    `an answer ended, and the chat did not say how, so the calls of ${[...new Set(toolNames)].join(', ')} wait for a click on Run. ` +
    'To let them start by themselves, write `const [link] = useState(createChatLink)`, create the chat with `link.chatOptions({ transport, … })`, ' +
    'and call `useChatTools(chat, { tools, link })`.',
  'missing-finish': () =>
    'an answer with tool calls ended without a `finish` chunk, as if the connection had been cut. Its results are therefore not sent to the model, and calls ' +
    "that wait for the end of the answer never run. If your server writes the stream itself, end each answer with { type: 'finish', " +
    "finishReason: 'tool-calls' }; the AI SDK's `toUIMessageStream` does so unless it is told `sendFinish: false`.",
  'both-sides': (toolName: string) =>
    `the server ran the tool "${toolName}", which this page would run too. The server's result counts: the page does not run the call, or stops it. ` +
    'To run the tool in the page, give `streamText` what `toolDefinitions(tools)` makes of your tools; to run it on the server, do not register it here.',
  'own-tools': () =>
    'a request has a `tools` in its body already, so the definitions of the page’s tools are not sent with it and the model may not know them. ' +
    'Give that field of yours another name, or remove `sendDefinitions`.',
};
