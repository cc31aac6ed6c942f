// Owns: what a chat contender is: a library on a page, driven as its own documentation shows.
import type { UIMessage } from 'ai';
import type { ComponentType } from 'react';

export interface Contender {
  readonly name: string;
  /** Where its server is, beside the page. The stream is the library's own; what it says is the same. */
  readonly api: '/api/ui' | '/api/ag-ui' | '/api/tanstack';
  /** A page with one new chat in it that shows every part of every message. */
  readonly Chat: ComponentType<ChatProps>;
}

export interface ChatProps {
  readonly api: string;
  /** To be called in each render of the page's own component: stands for the rest of a page. */
  readonly renderRest: () => void;
  /** To be called once the chat can take a message. */
  readonly onReady: (send: () => void, stop?: () => void) => void;
  /** The chat begins with a question and these calls, none of them answered: a page that was opened again. */
  readonly pending?: readonly PendingCall[];
}

export interface PendingCall {
  readonly id: string;
  readonly input: WorkInput;
}

export interface WorkInput {
  readonly index: number;
  readonly milliseconds: number;
}

/** When each call's `execute` was called, as `performance.now()`. */
export const starts = new Map<number, number>();

/** What the torture makes of the tool. */
export const torture: { work?: (input: WorkInput) => Promise<unknown>; readonly isOn: boolean } = {
  isOn: new URLSearchParams(location.search).has('torture'),
};

/** What the tool gives; no answer of a model has it. */
export const RESULT = 'work done';

/** The tool that every contender runs. */
export async function work(input: WorkInput): Promise<string> {
  // SAFETY: the torture gives what no type allows.
  if (torture.work !== undefined) return torture.work(input) as Promise<string>;
  const { index, milliseconds } = input;
  starts.set(index, performance.now());
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return RESULT;
}

/** The messages of the AI SDK: a question and calls that nobody has answered. */
export function toUIMessages<TMessage extends UIMessage = UIMessage>(calls?: readonly PendingCall[]): TMessage[] {
  if (calls === undefined) return [];
  const parts = calls.map(({ id, input }) => ({ type: 'tool-work', toolCallId: id, state: 'input-available', input }));
  // SAFETY: the parts are those of the tool `work`, which every contender has.
  return [
    { id: 'question', role: 'user', parts: [{ type: 'text', text: 'Go' }] },
    { id: 'answer', role: 'assistant', parts: [{ type: 'step-start' }, ...parts] },
  ] as UIMessage[] as TMessage[];
}
