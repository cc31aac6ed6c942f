/** Owns who runs the calls of a chat when several hooks join it: the first one. */

/** Whoever runs a chat's calls. */
interface Claimant {
  isMounted(): boolean;
}

const claims = new WeakMap<object, Claimant>();
const warned = new WeakSet<object>();

/** Whether `claimant` runs the calls of the chat known by `key`. Another one that is mounted keeps them; if both are, that is said once. */
export function claimChat(key: object, claimant: Claimant): boolean {
  const owner = claims.get(key);
  if (owner === undefined || owner === claimant || !owner.isMounted()) {
    claims.set(key, claimant);
    return true;
  }
  if (claimant.isMounted() && !warned.has(key)) {
    warned.add(key);
    // oxlint-disable-next-line no-console -- the page's author is to see it, and nothing else can tell them
    console.warn(
      'use-parallel-tools: two hooks run the tool calls of one chat, so each call would run twice. Only the first one runs them. ' +
        'Call useParallelTools or useChatTools once a chat, and share its `toolCalls` with ToolCallsProvider.',
    );
  }
  return false;
}
