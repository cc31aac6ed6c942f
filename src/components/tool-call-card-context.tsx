'use client';
/** Owns what the parts of a card share: the call, what can be done with it, and whether the card is open. */
import { createContext, useContext } from 'react';
import type { DisplayedToolCall } from '../core/message-batch.ts';
import type { ToolCallHandle } from '../react/use-tool-calls.ts';
import { cardAttributes, type PartAttributes } from './attributes.ts';

export interface ToolCallCardContextValue extends Omit<ToolCallHandle, 'call'> {
  /** The call as shown: the store's record, or what its message part says. */
  readonly call: DisplayedToolCall;
  /** Whether the store has this call: only then its commands do something. */
  readonly isRecorded: boolean;
  readonly isOpen: boolean;
  /** Prefix of the ids inside the card. */
  readonly id: string;
}

const CardContext = createContext<ToolCallCardContextValue | null>(null);
export const ToolCallCardContextProvider = CardContext.Provider;

/** What the card around this component shows and can do. For parts of your own inside `ToolCallCardRoot`. */
export function useToolCallCard(): ToolCallCardContextValue {
  const card = useContext(CardContext);
  if (card === null) {
    throw new Error(
      'A part of a tool call card was rendered outside ToolCallCardRoot, so it does not know which call to show. ' +
        'Put it inside <ToolCallCardRoot callKey={key}>…</ToolCallCardRoot>.',
    );
  }
  return card;
}

/** The attributes of one part of the card around it. */
export function useCardAttributes(part: string): PartAttributes {
  const { call, isOpen } = useToolCallCard();
  return cardAttributes(part, call.status, isOpen);
}

/** What a card learns from the group around it. */
export interface ToolCallListContextValue {
  /** Only calls that need a person are to be seen. */
  readonly isFolded: boolean;
}

const ListContext = createContext<ToolCallListContextValue | null>(null);
export const ToolCallListContextProvider = ListContext.Provider;

/** The list around a card, or `null` for a card that stands alone. */
export function useToolCallList(): ToolCallListContextValue | null {
  return useContext(ListContext);
}
