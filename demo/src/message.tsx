// Owns one message: what was said, and the tool calls as one group a step.
import type { UIMessage } from 'ai';
import { memo } from 'react';
import { ToolCallGroup, groupMessageParts } from 'use-parallel-tools';
import './message.css';

export const Message = memo(function Message({ message }: { message: UIMessage }) {
  return (
    <article className={`message is-${message.role}`} aria-label={message.role === 'user' ? 'You' : 'Larkfield'}>
      {groupMessageParts(message).map((group) => {
        if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
        if (group.part.type === 'text' && group.part.text) return <Text key={group.key} text={group.part.text} />;
        return null;
      })}
    </article>
  );
});

/** Plain text, a paragraph for each empty line. */
function Text({ text }: { text: string }) {
  return (
    <div className="text">
      {text.split(/\n{2,}/).map((paragraph, index) => (
        // Paragraphs only ever grow at the end.
        <p key={index}>{paragraph}</p>
      ))}
    </div>
  );
}
