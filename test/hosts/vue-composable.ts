// Owns: a composable for Vue, as docs/other-frameworks.md has it.
import { useChat } from '@ai-sdk/vue';
import type { ChatInit, ToolSet, UIMessage } from 'ai';
import { computed, onMounted, onUnmounted, shallowRef, watch } from 'vue';
import { selectIsRunning } from 'use-parallel-tools/core';
import { createChatLink, joinChat, type ToolCallsOptions } from 'use-parallel-tools/join';

interface Options extends ToolCallsOptions {
  tools: ToolSet;
  /** The options of the chat itself: `transport`, `messages`, `onFinish`, … */
  chat?: ChatInit<UIMessage>;
}

/** A `useChat` whose tool calls run in the browser, at the same time, with one follow-up. */
export function useParallelTools({ chat: chatOptions = {}, ...options }: Options) {
  const link = createChatLink();
  const chat = useChat(link.chatOptions(chatOptions));
  const source = {
    ...chat,
    get id() {
      return chat.id.value;
    },
    get status() {
      return chat.status.value;
    },
    get messages() {
      return chat.messages.value;
    },
    set messages(messages) {
      chat.messages.value = messages;
    },
  };
  const { toolCalls, notice, mount, complete, ...functions } = joinChat(source, { ...options, link });

  const state = shallowRef(toolCalls.store.getState());
  const stops = [
    toolCalls.store.subscribe((next) => (state.value = next)),
    watch([chat.messages, chat.status], notice, { flush: 'sync' }),
  ];
  onMounted(() => stops.push(mount()));
  onUnmounted(() => stops.forEach((stop) => stop()));

  const messages = computed(() => complete(chat.messages.value));
  const isRunning = computed(() => selectIsRunning(state.value));
  return { ...chat, ...functions, messages, toolCalls, state, isRunning };
}
