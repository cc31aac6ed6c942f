/** Owns what a call is called: by the title of its tool, and by the tool's name only where that has none. Pure. */
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import { summarizeInput } from '../value/summarize-input.ts';
import { markHidden } from './hidden-characters.tsx';
import { inputOf } from './input-of.ts';
import type { ToolCallAction, ToolCallLabels } from './labels.ts';

/** What people call the tool of a call. */
export function nameOf({ title, toolName }: Pick<DisplayedToolCall, 'title' | 'toolName'>): string {
  return title ?? toolName;
}

/** Longer summaries of an input are cut in the name of a button, which is read aloud at every stop. */
const LONGEST_INPUT = 80;

/** The spoken name of a button of one call: two calls of one tool are told apart by their inputs. */
export function nameButton(call: DisplayedToolCall, action: ToolCallAction, labels: ToolCallLabels): string {
  const input = summarizeInput(inputOf(call), LONGEST_INPUT);
  return labels.actionOf(labels.actions[action], markHidden(nameOf(call)), markHidden(input));
}
