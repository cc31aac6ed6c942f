// Owns the conversation: the hook, what is said, and the way to say more. How tools run is tools.ts, how they look is the library's.
import { DefaultChatTransport, type UIMessage } from 'ai';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { ToolCallsProvider, useParallelTools } from 'use-parallel-tools';
import { ChatProblem } from './chat-problem.tsx';
import { Composer } from './composer.tsx';
import { keepMessages, plugins, readMessages } from './conversation.ts';
import { DownIcon } from './icons.tsx';
import { Inspector } from './inspector.tsx';
import { Message } from './message.tsx';
import { ReturnSlip } from './return-slip.tsx';
import { ModelNote } from './model-note.tsx';
import { changeSettings, useSettings } from './settings.ts';
import type { SuggestedPrompt } from './prompts.ts';
import { SuggestedPrompts } from './suggested-prompts.tsx';
import { tools } from './tools.ts';
import { useScrollFollow } from './use-scroll-follow.ts';
import './support-chat.css';

export function SupportChat() {
  const [transport] = useState(() => new DefaultChatTransport({ api: '/api/chat' }));
  const session = useSettings((settings) => settings.session);
  const [kept] = useState(() => readMessages(session));
  const chat = useParallelTools({ id: session, messages: kept, transport, tools, plugins, sendDefinitions: true });
  const { messages, status, error, isBusy } = chat;
  useEffect(() => keepMessages(session, messages), [session, messages]);
  const composer = useRef<HTMLTextAreaElement>(null);
  const conversation = useRef<HTMLDivElement>(null);
  const { isAtEnd, scrollToEnd } = useScrollFollow(conversation, isBusy);
  const isEmpty = messages.length === 0;
  const inspector = useSettings((settings) => settings.inspector);
  const returnSlip = useSettings((settings) => settings.returnSlip);

  useEffect(() => {
    // On a phone the focus would raise the keyboard over the page.
    if (matchMedia('(pointer: fine)').matches) composer.current?.focus();
  }, []);

  const send = (text: string) => {
    void chat.sendMessage({ text });
    scrollToEnd();
    composer.current?.focus();
  };

  const choose = ({ text, opens }: SuggestedPrompt) => {
    // Before the request, which tells the server which tools are on the page.
    if (opens !== undefined) flushSync(() => changeSettings({ [opens]: true }));
    send(text);
  };

  const tryAgain = () => {
    // An answer that already has tool results is continued: asked anew, its tools would run again.
    const hasTools = messages.at(-1)?.parts.some((part) => part.type.startsWith('tool-'));
    if (hasTools) chat.toolCalls.resend();
    else void chat.regenerate();
    composer.current?.focus();
  };

  return (
    <ToolCallsProvider value={chat.toolCalls}>
      {returnSlip && <ReturnSlip />}
      <main className={isEmpty ? 'page is-empty' : 'page'}>
        <div className="conversation" ref={conversation}>
          {isEmpty && (
            <div className="welcome">
              <h2>How can we help?</h2>
              <p>A support desk whose tools run in your browser, all at once.</p>
            </div>
          )}
          {messages.map((message) => (
            <Message key={message.id} message={message} />
          ))}
          {status === 'submitted' && <p className="waiting" role="img" aria-label="Waiting for the answer" />}
          {error && (
            <ChatProblem
              message={error.message}
              onRetry={tryAgain}
              onDismiss={() => {
                chat.clearError();
                composer.current?.focus();
              }}
            />
          )}
        </div>
        <div className="dock">
          {!isAtEnd && (
            <button type="button" className="to-end" onClick={scrollToEnd}>
              <DownIcon /> Latest
            </button>
          )}
          <SuggestedPrompts form={isEmpty ? 'cards' : 'row'} isDisabled={isBusy} onChoose={choose} />
          <Composer
            ref={composer}
            isBusy={isBusy}
            onSend={send}
            onStop={() => {
              void chat.stop();
              composer.current?.focus();
            }}
          />
          <ModelNote />
        </div>
        {/* What a screen reader hears: an answer when it is complete, and not word by word. */}
        <p className="spoken" role="status">
          {isBusy ? '' : readAnswer(messages.at(-1))}
        </p>
      </main>
      {inspector && <Inspector />}
    </ToolCallsProvider>
  );
}

function readAnswer(message: UIMessage | undefined): string | undefined {
  return message?.role === 'assistant' ? message.parts.findLast((part) => part.type === 'text')?.text : undefined;
}
