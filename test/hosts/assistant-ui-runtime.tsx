// Owns: `useChatTools` on the chat that assistant-ui's `useChatRuntime` makes, as docs/assistant-ui.md has it.
import type { UseChatHelpers } from '@ai-sdk/react';
import { AssistantRuntimeProvider } from '@assistant-ui/react';
import { useAISDKChat, useChatRuntime, type AssistantChatTransport } from '@assistant-ui/react-ai-sdk';
import type { ChatInit, ToolSet, UIMessage } from 'ai';
import { useState, type ReactNode } from 'react';
import { createChatLink, ToolCallsProvider, useChatTools, type ChatLink } from 'use-parallel-tools';

interface AssistantProps extends Omit<ChatInit<UIMessage>, 'transport'> {
  tools: ToolSet;
  transport: AssistantChatTransport<UIMessage>;
  children: ReactNode;
}

export function Assistant({ tools, children, ...options }: AssistantProps) {
  const [link] = useState(createChatLink);
  const runtime = useChatRuntime(link.chatOptions(options));
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <WhileThereIsAChat tools={tools} link={link}>
        {children}
      </WhileThereIsAChat>
    </AssistantRuntimeProvider>
  );
}

interface ToolsProps {
  tools: ToolSet;
  link: ChatLink;
  children: ReactNode;
}

function WhileThereIsAChat(props: ToolsProps) {
  const chat = useAISDKChat();
  return chat && <WithTools key={chat.id} {...props} chat={chat} />;
}

function WithTools({ tools, link, children, chat }: ToolsProps & { chat: UseChatHelpers<UIMessage> }) {
  const { toolCalls } = useChatTools(chat, { tools, link });
  return <ToolCallsProvider value={toolCalls}>{children}</ToolCallsProvider>;
}
