'use client';
/** Owns what the parts of a card share: the call, what can be done with it, and whether the card is open. */
import { createContext, useContext, useState, type ReactNode } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { ToolCallHandle } from '../../react/use-tool-calls.ts';
import { cardAttributes, type PartAttributes } from '../part/attributes.ts';
import { useExpectedContext } from '../part/expect-context.ts';

export interface ToolCallCardContextValue extends Omit<ToolCallHandle, 'call'> {
  /** The call as shown: the store's record, or what its message part says. */
  readonly call: DisplayedToolCall;
  /** Whether the store has this call: only then its commands do something. */
  readonly isRecorded: boolean;
  readonly isOpen: boolean;
  /** Whether `undo` is offered, and still in time. */
  readonly canUndo: boolean;
  /** Whether the form is open in which a person changes the input. */
  readonly isEditing: boolean;
  /** Whether that form was open before, for this status of the call. */
  readonly wasEditing: boolean;
  /** Opens or closes that form. */
  readonly setEditing: (editing: boolean) => void;
  /** Approves the call, or runs a failed one again, with this input. */
  readonly submitInput: (input: unknown) => void;
  /** Opens or closes the card, as its trigger does. */
  readonly setOpen: (open: boolean) => void;
  /** Whether a pointer has been on the card, or a key was pressed in it: it may be opened at any moment. */
  readonly isReached: boolean;
  /** Prefix of the ids inside the card. */
  readonly id: string;
}

const CardContext = createContext<ToolCallCardContextValue | null>(null);
const StillContext = createContext<ToolCallCardContextValue | null>(null);
const ROOT = 'ToolCallCardParts.Root callKey={key}';

/** Gives the parts of a card what they share, and to those that ask for it only what is still the same while the tool reports. */
export function ToolCallCardContextProvider({
  value,
  children,
}: {
  value: ToolCallCardContextValue;
  children?: ReactNode;
}): ReactNode {
  const [kept, setKept] = useState(value);
  const still = isStill(kept, value) ? kept : value;
  if (still !== kept) setKept(still);
  return (
    <CardContext.Provider value={value}>
      <StillContext.Provider value={still}>{children}</StillContext.Provider>
    </CardContext.Provider>
  );
}

function isStill(last: ToolCallCardContextValue, next: ToolCallCardContextValue): boolean {
  return (
    hasSameFields(last, next, ['call']) && hasSameFields(last.call, next.call, ['progress', 'output', 'waitingFor'])
  );
}

function hasSameFields<TObject extends object>(left: TObject, right: TObject, except: readonly string[]): boolean {
  if (left === right) return true;
  const fields = new Set([...Object.keys(left), ...Object.keys(right)]) as Set<keyof TObject & string>;
  return [...fields].every((field) => left[field] === right[field] || except.includes(field));
}

/** What the card around this component shows and can do. For parts of your own inside `ToolCallCardParts.Root`. */
export function useToolCallCard(): ToolCallCardContextValue {
  return useExpectedContext(CardContext, ROOT);
}

/**
 * The same, for parts that show nothing of what a running tool reports: they do not render for it. Of its `call` the progress, a
 * preliminary output and what it waits for may be old.
 */
export function useStillCard(): ToolCallCardContextValue {
  return useExpectedContext(StillContext, ROOT);
}

/** The attributes of one part of the card around it. */
export function useCardAttributes(part: string): PartAttributes {
  const { call, isOpen } = useStillCard();
  return cardAttributes(part, call.status, isOpen);
}

/** What a card learns from the group around it. */
export interface ToolCallListContextValue {
  /** Only calls that need a person are to be seen. */
  readonly isFolded: boolean;
  /** Unfolds the group. */
  readonly unfold: () => void;
}

const ListContext = createContext<ToolCallListContextValue | null>(null);
export const ToolCallListContextProvider = ListContext.Provider;

/** The list around a card, or `null` for a card that stands alone. */
export function useToolCallList(): ToolCallListContextValue | null {
  return useContext(ListContext);
}
