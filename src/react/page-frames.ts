/**
 * Owns when React hears of a chat: once a frame. However many chunks come and calls end within one, the page renders once, after what they lead
 * to has begun. That the chat has come to rest is told as soon as what follows from that at once is done.
 */
import type { Chat, UIMessage } from '@ai-sdk/react';
import type { CancelTimer, Clock } from '../core/clock.ts';

/** Tells with the next frame, or at once where the page wants that. Who is told twice within a frame hears it once. */
export type TellSoon = (tell: () => void) => void;

/** Has a chat tell its listeners so. `isImmediate`: the page has said itself how often it renders. */
export function tellInFrames<TMessage extends UIMessage>(
  chat: Chat<TMessage>,
  { setFrame, setTimer }: Pick<Clock, 'setFrame' | 'setTimer'>,
  isImmediate: () => boolean,
): TellSoon {
  const due = new Set<() => void>();
  let cancelDue: CancelTimer | undefined;

  function tellAll(): void {
    cancelDue = undefined;
    const told = [...due];
    due.clear();
    for (const tell of told) tell();
  }

  const tellSoon: TellSoon = (tell) => {
    if (isImmediate()) return tell();
    due.add(tell);
    cancelDue ??= setFrame(tellAll);
  };

  const onMessages = chat['~registerMessagesCallback'];
  chat['~registerMessagesCallback'] = (tell, throttle) => onMessages(() => tellSoon(tell), throttle);
  // An error is said, or taken back, with every status.
  for (const name of ['~registerStatusCallback', '~registerErrorCallback'] as const) {
    const register = chat[name];
    chat[name] = (tell) =>
      register(() => {
        tellSoon(tell);
        if (cancelDue === undefined || chat.status === 'submitted' || chat.status === 'streaming') return;
        cancelDue();
        cancelDue = setTimer(tellAll, 0);
      });
  }
  return tellSoon;
}
