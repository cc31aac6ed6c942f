// Owns: the messages that an earlier load of the page has left to a random walk, with calls that were never answered.
import type { UIMessage } from 'ai';
import { isEager, WALK_TOOLS, type WalkAnswer, type WalkRules } from './walk-rules.ts';

/** A call of the loaded history. */
export interface LoadedCall {
  readonly tool: number;
  readonly state: 'input-available' | 'input-streaming' | 'approval-requested' | 'output-available';
  /** It stands in an answer before the last one. */
  readonly isOlder: boolean;
}

/** Tells the rules of the calls, and gives their messages: none where there are no calls. */
export function loadHistory(history: readonly LoadedCall[], rules: WalkRules): UIMessage[] {
  const turns = [history.filter(({ isOlder }) => isOlder), history.filter(({ isOlder }) => !isOlder)];
  return turns.flatMap((calls, turn): UIMessage[] => {
    if (calls.length === 0) return [];
    // What streamed to an earlier page has ended: nothing waits for it any more.
    const answer: WalkAnswer = { wellEnded: true, lost: false, tookBack: false, step: turn - 2 };
    const parts = calls.map(({ tool, state, isOlder }) => {
      const call = rules.noteCall({ toolName: WALK_TOOLS[tool % WALK_TOOLS.length]!, answer }, { load: -1 });
      const mayRun = isEager(call) || state === 'approval-requested' || call.toolName === 'ask';
      call.allowed = mayRun && !isOlder && state !== 'output-available' ? 1 : 0;
      call.isAsked = state === 'approval-requested';
      const { n, toolName, toolCallId } = call;
      const part = { type: `tool-${toolName}`, toolCallId, state, input: { n } };
      if (state === 'output-available') return { ...part, output: `result ${n}` };
      return state === 'approval-requested' ? { ...part, approval: { id: `p${n}` } } : part;
    });
    return [
      { id: `hu${turn}`, role: 'user', parts: [{ type: 'text', text: 'an earlier message' }] },
      { id: `ha${turn}`, role: 'assistant', parts: [{ type: 'step-start' }, ...(parts as UIMessage['parts'])] },
    ];
  });
}
