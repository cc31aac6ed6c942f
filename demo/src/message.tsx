// Owns one message: what was said, and the tool calls as one group a step.
import type { UIMessage } from 'ai';
import { memo } from 'react';
import { ToolCallGroup, groupMessageParts, useToolCalls } from 'use-parallel-tools';
import { RememberApproval } from 'use-parallel-tools/approvals';
import { AnswerSources, selectLabels } from 'use-parallel-tools/disclosure';
import './message.css';

export const Message = memo(function Message({ message }: { message: UIMessage }) {
  return (
    <article className={`message is-${message.role}`} aria-label={message.role === 'user' ? 'You' : 'Larkfield'}>
      {groupMessageParts(message).map((group) => {
        if (group.type === 'tool-calls')
          return <ToolCallGroup key={group.key} batch={group.batch} cardFooter={RememberApproval} />;
        if (group.part.type === 'text' && group.part.text) return <Text key={group.key} text={group.part.text} />;
        return null;
      })}
      <Sources messageId={message.id} />
    </article>
  );
});

/** Where an answer comes from, once it has private data in it. */
function Sources({ messageId }: { messageId: string }) {
  const isPrivate = useToolCalls((state) => selectLabels(state, messageId).length > 0);
  return isPrivate ? <AnswerSources messageId={messageId} /> : null;
}

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
