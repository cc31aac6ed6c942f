'use client';
/** Owns how a component reads the input of a call while the model is still writing it. It does not check it: the schema has its say when it is whole. */
import type { DeepPartial, UIMessage } from 'ai';
import { useMemo, useSyncExternalStore } from 'react';
import { chatViews } from '../sdk/chat-view.ts';
import { isSameJson } from '../core/identical-calls.ts';
import { selectToolCall } from '../core/selectors.ts';
import type { ToolCallKey } from '../core/tool-call.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { readToolParts, type ToolPartRef } from '../messages/message-parts.ts';
import { useToolCallsContext } from './tool-calls-context.ts';

/** What has arrived of the input of a call. */
export type ToolInput<TInput = unknown> =
  | {
      readonly status: 'streaming';
      readonly callKey: ToolCallKey;
      /** Partial JSON, completed. Not checked: a model may write anything. */
      readonly input: DeepPartial<TInput> | undefined;
    }
  | {
      readonly status: 'complete';
      readonly callKey: ToolCallKey;
      /** As the model sent it, or as a person has changed it. */
      readonly input: TInput;
    };

/**
 * Reads the input of a call as it arrives: of the call with this key, or of the newest call of a tool in the last answer. `undefined` where there is no
 * such call, and for one that the model never finished. Renders when the input or its status changes. The type is yours to say, as with `useToolCall`.
 */
export function useToolInput<TInput = unknown>(
  call: ToolCallKey | { readonly toolName: string },
): ToolInput<TInput> | undefined {
  const { store } = useToolCallsContext('useToolInput');
  const [key, toolName] = typeof call === 'string' ? [call] : [undefined, call.toolName];
  const { subscribe, read } = useMemo(() => createReader(store, key, toolName), [store, key, toolName]);
  // SAFETY: the input's type is the caller's claim about the tool.
  return useSyncExternalStore(subscribe, read, read) as ToolInput<TInput> | undefined;
}

function createReader(store: ToolCalls['store'], key: ToolCallKey | undefined, toolName: string | undefined) {
  const view = chatViews.get(store);
  let last: ToolInput | undefined;

  function find(): ToolInput | undefined {
    const ref = view && findPart(view.getMessages(), key, toolName);
    if (ref?.part.state === 'input-streaming')
      return view!.isAtWork() ? { status: 'streaming', callKey: ref.key, input: ref.part.input } : undefined;
    const callKey = ref?.key ?? key;
    const input = callKey && (selectToolCall(store.getState(), callKey)?.input ?? ref?.part.input);
    return input === undefined ? undefined : { status: 'complete', callKey: callKey!, input };
  }

  return {
    subscribe(listener: () => void) {
      const stops = [store.subscribe(listener), view?.watch(listener)];
      return () => stops.forEach((stop) => stop?.());
    },
    /** The same object while nothing changed: the SDK makes the parts of a message anew with every chunk. */
    read(): ToolInput | undefined {
      const next = find();
      return (last = isSame(last, next) ? last : next);
    },
  };
}

function isSame(left: ToolInput | undefined, right: ToolInput | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  const isSameInput = left.input === right.input || isSameJson(left.input, right.input);
  return left.status === right.status && left.callKey === right.callKey && isSameInput;
}

function findPart(
  messages: readonly UIMessage[],
  key: ToolCallKey | undefined,
  toolName: string | undefined,
): ToolPartRef | undefined {
  if (key === undefined) return readToolParts(messages.at(-1)!).findLast((ref) => ref.toolName === toolName);
  return messages.flatMap(readToolParts).find((ref) => ref.key === key);
}
