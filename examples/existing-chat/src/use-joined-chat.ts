// Joins the tools to a `useChat`. The chat's options need what `useChatTools` returns, and `useChatTools` needs the chat, so the options go
// through a ref.
import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, type ChatTransport, type UIMessage } from 'ai';
import { useEffect, useRef, useState } from 'react';
import { useChatTools, type UseChatToolsResult } from 'use-parallel-tools';
import { tools } from './tools';

export function useJoinedChat() {
  const joined = useRef<UseChatToolsResult<UIMessage>>(null);
  const [transport] = useState<ChatTransport<UIMessage>>(() => {
    const http = new DefaultChatTransport({ api: '/api/chat' });
    const wrapped = () => joined.current?.wrapTransport(http) ?? http;
    return {
      sendMessages: (request) => wrapped().sendMessages(request),
      reconnectToStream: (request) => wrapped().reconnectToStream(request),
    };
  });
  const chat = useChat<UIMessage>({
    transport,
    onToolCall: (event) => joined.current?.onToolCall(event),
    onFinish: (event) => joined.current?.onFinish(event),
  });
  const chatTools = useChatTools(chat, { tools });
  useEffect(() => void (joined.current = chatTools));
  const { toolCalls, sendMessage, stop, regenerate } = chatTools;
  return { ...chat, toolCalls, sendMessage, stop, regenerate };
}
