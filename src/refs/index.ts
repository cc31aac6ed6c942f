/** The door of `use-parallel-tools/refs`: inputs that name the outputs of other calls. */
export { refsPrompt } from './refs-prompt.ts';
export { toolCallRefs } from './tool-call-refs.ts';
export { withRefs } from './with-refs.ts';
