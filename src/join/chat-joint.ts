/** Owns how a chat that exists already is joined: a bridge to it, and its corrected functions. It owns nothing of the chat, and knows no framework. */
import type { UIMessage } from 'ai';
import type { ChatBridgeOptions } from '../chat/chat-context.ts';
import { createChatBridge, type ChatBridge } from '../chat/chat-bridge.ts';
import { withDefinitions } from '../definitions/send-definitions.ts';
import { createChatHandle, type ChatSource } from '../sdk/chat-handle.ts';
import { tapTransport } from '../sdk/response-tap.ts';
import type { ChatListener } from './chat-link.ts';
import { correctChat, type CorrectedFunctions } from './correct-chat.ts';

export interface ChatJoint {
  readonly bridge: ChatBridge;
  readonly functions: CorrectedFunctions;
  /** Hears of the chat by its link. */
  readonly listener: ChatListener;
  setOptions(options: ChatBridgeOptions): void;
}

/** @throws TypeError for a `chat` that is none, or options that make no sense */
export function createChatJoint(
  getChat: () => ChatSource,
  firstOptions: ChatBridgeOptions,
  read?: (chat: ChatSource) => readonly UIMessage[],
): ChatJoint {
  let options = firstOptions;
  let tapped = false;
  const bridge = createChatBridge({
    handle: createChatHandle(getChat, read),
    options,
    ownsChat: false,
    isTapped: () => tapped,
  });
  return {
    bridge,
    functions: correctChat(getChat, bridge, () => false),
    listener: {
      onToolCall: ({ toolCall }) => bridge.onToolCall(toolCall),
      onFinish: (event) => bridge.onFinish(event),
      wrapTransport(transport) {
        tapped = true;
        return tapTransport(
          () => withDefinitions(transport, bridge.toolCalls.getTools(), options.sendDefinitions),
          bridge,
        );
      },
    },
    setOptions(next) {
      options = next;
      bridge.setOptions(next);
    },
  };
}
