// Owns: what a chat contender is: a library, driven as its own documentation shows.
import type { ChatHelpers } from '../page.ts';

export interface ChatContender {
  readonly name: string;
  /** The page's hook: a chat against the server at `api` whose tool `work` takes the milliseconds that it is told. */
  readonly useChat: (api: string) => ChatHelpers;
}

export interface WorkInput {
  readonly milliseconds: number;
}

/** The tool that every contender runs. */
export async function work({ milliseconds }: WorkInput): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return 'done';
}
