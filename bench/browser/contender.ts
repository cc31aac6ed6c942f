// Owns: what a chat contender is: a library on a page, driven as its own documentation shows.
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
  readonly onReady: (send: () => void) => void;
}

export interface WorkInput {
  readonly index: number;
  readonly milliseconds: number;
}

/** When each call's `execute` was called, as `performance.now()`. */
export const starts = new Map<number, number>();

/** The tool that every contender runs. */
export async function work({ index, milliseconds }: WorkInput): Promise<string> {
  starts.set(index, performance.now());
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return 'done';
}
