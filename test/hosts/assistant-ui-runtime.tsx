// Owns: `useChatTools` on the chat that assistant-ui's `useChatRuntime` makes, as docs/assistant-ui.md has it.
import type { UseChatHelpers } from '@ai-sdk/react';
import { AssistantRuntimeProvider } from '@assistant-ui/react';
import { AssistantChatTransport, useAISDKChat, useChatRuntime } from '@assistant-ui/react-ai-sdk';
import type { ChatInit, ChatTransport, ToolSet, UIMessage } from 'ai';
import { useEffect, type ReactNode } from 'react';
import { ToolCallsProvider, useChatTools, type UseChatToolsResult } from 'use-parallel-tools';

/** assistant-ui's own transport. The hook stands below the runtime whose answers it listens to. */
export class JoinedTransport extends AssistantChatTransport<UIMessage> {
  joined?: UseChatToolsResult<UIMessage>;
  readonly #plain: ChatTransport<UIMessage> = {
    sendMessages: (request) => super.sendMessages(request),
    reconnectToStream: (request) => super.reconnectToStream(request),
  };

  override sendMessages(request: Parameters<ChatTransport<UIMessage>['sendMessages']>[0]) {
    return (this.joined?.wrapTransport(this.#plain) ?? this.#plain).sendMessages(request);
  }
  override reconnectToStream(request: Parameters<ChatTransport<UIMessage>['reconnectToStream']>[0]) {
    return (this.joined?.wrapTransport(this.#plain) ?? this.#plain).reconnectToStream(request);
  }
}

interface ToolsProps {
  tools: ToolSet;
  transport: JoinedTransport;
  children: ReactNode;
}

export function Assistant({
  tools,
  transport,
  children,
  ...options
}: ToolsProps & Omit<ChatInit<UIMessage>, 'transport'>) {
  const runtime = useChatRuntime({
    ...options,
    transport,
    onToolCall: (event) => transport.joined?.onToolCall(event),
    onFinish: (event) => transport.joined?.onFinish(event),
  });
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <WhileThereIsAChat tools={tools} transport={transport}>
        {children}
      </WhileThereIsAChat>
    </AssistantRuntimeProvider>
  );
}

function WhileThereIsAChat(props: ToolsProps) {
  const chat = useAISDKChat();
  return chat && <WithTools key={chat.id} {...props} chat={chat} />;
}

function WithTools({ tools, transport, children, chat }: ToolsProps & { chat: UseChatHelpers<UIMessage> }) {
  const joined = useChatTools(chat, { tools });
  useEffect(() => void Object.assign(transport, { joined }));
  return <ToolCallsProvider value={joined.toolCalls}>{children}</ToolCallsProvider>;
}
