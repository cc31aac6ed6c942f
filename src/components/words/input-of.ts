/** Owns which input of a call people see: what its tool gets, where the model has named outputs of other calls in it. Pure. */
import type { DisplayedToolCall } from '../../core/message-batch.ts';

/** What the tool gets, or would get. `use-parallel-tools/refs` notes it where that is not what the model wrote. */
export function inputOf(call: DisplayedToolCall): unknown {
  const facts = 'plugins' in call ? call.plugins?.['refs'] : undefined;
  // SAFETY: the facts of that plugin.
  return (facts as { readonly input?: unknown } | undefined)?.input ?? call.input;
}
