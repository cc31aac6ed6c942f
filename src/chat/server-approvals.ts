/**
 * Owns the approval of tools that the server runs: no call of ours stands behind their parts. A person's yes or no is written
 * into the part, and the answers go back in the step's one follow-up.
 */
import type { BridgeContext } from './bridge-context.ts';
import { readToolParts, writeApproval, type ToolPartRef } from './message-parts.ts';
import { idOf } from './part-fields.ts';

export interface ServerApprovals {
  /** Answers the server's calls among `key`: a call's, or a batch's. */
  answer(key: string, approved: boolean, reason?: string): void;
  /** Writes what was answered while the chat was at work, and notes what the server asks. */
  flush(): void;
  /** Whether the part of a call that is not ours was answered here, and the server has the next word. */
  isAnswered(ref: ToolPartRef): boolean;
}

export function createServerApprovals(context: BridgeContext): ServerApprovals {
  let answers: { readonly key: string; readonly approved: boolean; readonly reason: string | undefined }[] = [];
  /** Calls that the server asked about while this page looked on. */
  const asked = new Set<string>();

  function flush(): void {
    const pending = answers;
    answers = [];
    for (const message of context.handle.getMessages()) {
      for (const ref of readToolParts(message)) {
        if (ref.part.state !== 'approval-requested' || context.callOf(ref.key) !== undefined) continue;
        asked.add(ref.key);
        const answer = pending.find(({ key }) => key === ref.key || key === ref.batchKey);
        if (answer === undefined) continue;
        context.handle.updateMessages?.((messages) =>
          messages.map((candidate) =>
            idOf(candidate) === ref.messageId
              ? writeApproval(candidate, ref.key, answer.approved, answer.reason)
              : candidate,
          ),
        );
      }
    }
  }

  return {
    flush,
    answer(key, approved, reason) {
      answers.push({ key, approved, reason });
      if (context.isIdle()) flush();
    },
    isAnswered: (ref) =>
      ref.part.state === 'approval-responded' && asked.has(ref.key) && context.callOf(ref.key) === undefined,
  };
}
