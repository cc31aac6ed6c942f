/** The door of `use-parallel-tools/undo`: a person takes back what a call has done. */
export { undo } from './undo.ts';
export { selectUndo, type CallUndo } from '../core/undo-facts.ts';
