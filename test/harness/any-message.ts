// Owns: messages as broken as JSON can be, for property tests.
import fc from 'fast-check';

/** JSON that is nearly a message: fields of the SDK's names with values that are theirs, or anything. */
export const anyMessage = (): fc.Arbitrary<unknown> => {
  const json = fc.jsonValue({ maxDepth: 2 });
  const orAnything = (...values: unknown[]) => fc.oneof(fc.constantFrom(...values), json);
  const part = fc.record(
    {
      type: orAnything('text', 'step-start', 'tool-read', 'tool-invocation', 'dynamic-tool', 'file', 'reasoning'),
      toolCallId: orAnything('a', 'b', null, 7),
      toolName: orAnything('read', null),
      state: orAnything('input-streaming', 'input-available', 'approval-requested', 'approval-responded', 'output-available', 'output-error', 'output-denied', 'call'),
      approval: fc.oneof(fc.record({ id: orAnything('p'), approved: orAnything(true, false) }, { requiredKeys: [] }), json),
      input: json, output: json, errorText: json, preliminary: json, providerExecuted: json, text: json, url: json,
    },
    { requiredKeys: [] },
  ); // prettier-ignore
  const parts = fc.oneof(fc.array(fc.oneof(part, json), { maxLength: 5 }), json);
  const message = fc.record(
    { id: orAnything('m', 'n', null, 7), role: orAnything('user', 'assistant', 'system'), parts, content: json },
    { requiredKeys: [] },
  );
  return fc.oneof({ weight: 5, arbitrary: message }, json);
};
