// Owns what a screen reader hears of an answer: all of it, once it is complete, and not word by word.
import type { UIMessage } from 'ai';
import { useEffect, useState } from 'react';

export function useAnnouncement(messages: UIMessage[], isBusy: boolean): string {
  const [announcement, setAnnouncement] = useState('');
  const last = messages.at(-1);
  const answer = last?.role === 'assistant' ? last.parts.findLast((part) => part.type === 'text')?.text : undefined;

  useEffect(() => {
    setAnnouncement(isBusy ? '' : (answer ?? ''));
  }, [isBusy, answer]);

  return announcement;
}
