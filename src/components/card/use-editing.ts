'use client';
/** Owns whether a person is changing the input of a card's call. The form closes when the call goes on. */
import { useMemo, useState } from 'react';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { ToolCallHandle } from '../../react/use-tool-calls.ts';
import type { ToolCallCardContextValue } from './context.tsx';

export function useEditing(
  call: DisplayedToolCall | undefined,
  approve: ToolCallHandle['approve'],
  retry: ToolCallHandle['retry'],
): Pick<ToolCallCardContextValue, 'isEditing' | 'wasEditing' | 'setEditing' | 'submitInput'> {
  const [state, setState] = useState({ place: '', isOpen: false });
  const place = call === undefined || call.status === 'input-streaming' ? '' : `${call.status} ${call.generation}`;
  const isHere = state.place === place;
  const isEditing = isHere && state.isOpen;
  const wasEditing = isHere && place !== '' && !state.isOpen;
  const isFailed = call?.status === 'failed';
  return useMemo(
    () => ({
      isEditing,
      wasEditing,
      setEditing: (isOpen: boolean) => setState({ place, isOpen }),
      submitInput: (input: unknown) => (isFailed ? retry({ input }) : approve({ input })),
    }),
    [isEditing, wasEditing, place, isFailed, retry, approve],
  );
}
