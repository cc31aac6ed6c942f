// Owns the field to write in: Enter sends, Shift+Enter breaks the line, Stop ends what is running.
import { useState, type KeyboardEvent, type Ref, type SyntheticEvent } from 'react';
import { SendIcon, StopIcon } from './icons.tsx';
import './composer.css';

export interface ComposerProps {
  ref: Ref<HTMLTextAreaElement>;
  isBusy: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
}

export function Composer({ ref, isBusy, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('');

  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    onSend(text.trim());
    setText('');
  };

  const handleKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter picks a word.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
  };

  return (
    <form className="composer" onSubmit={send}>
      <textarea
        ref={ref}
        rows={1}
        aria-label="Message"
        placeholder="Ask about your orders"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={handleKeyDown}
      />
      {isBusy && (
        <button type="button" className="composer-button" aria-label="Stop" title="Stop" onClick={onStop}>
          <StopIcon />
        </button>
      )}
      <button
        type="submit"
        className="composer-button is-primary"
        aria-label="Send"
        title="Send"
        disabled={!text.trim()}
      >
        <SendIcon />
      </button>
    </form>
  );
}
