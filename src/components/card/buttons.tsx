'use client';
/** Owns what a person can do with one call. A button that would do nothing is not there. */
import { forwardRef, useRef } from 'react';
import { composeHandlers, type ToolCallButtonVariant } from '../part/attributes.ts';
import { nameButton } from '../words/call-name.ts';
import { isAtWork, isReadyToRun } from '../words/call-status.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import type { ToolCallAction } from '../words/labels.ts';
import { useCardAttributes, useStillCard, type ToolCallCardContextValue } from './context.tsx';
import { useFocusHandover } from '../part/use-focus-handover.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { Part, type PartProps } from '../part/part-element.tsx';

export interface ToolCallCardButtonProps extends PartProps<'button'> {
  /** How much the button asks for attention. */
  variant?: ToolCallButtonVariant;
}

/** The element of every button here; its focus goes to the card's trigger when it disappears. */
export const CardButton = forwardRef<
  HTMLButtonElement,
  ToolCallCardButtonProps & { action: ToolCallAction; word?: ToolCallAction | undefined; run?: () => void }
>(function CardButton({ action, word = action, run, variant = 'outline', onClick, ...props }, forwardedRef) {
  const { call } = useStillCard();
  const labels = useToolCallLabels();
  const ref = useRef<HTMLButtonElement>(null);
  useFocusHandover(ref);
  return (
    <Part.button
      type="button"
      aria-label={nameButton(call, word, labels)}
      {...useCardAttributes(action)}
      data-variant={variant}
      {...props}
      onClick={run === undefined ? onClick : composeHandlers(onClick, run)}
      ref={useMergedRefs(ref, forwardedRef)}
      filling={labels.actions[word]}
    />
  );
});

/** Makes the button of one command. */
function createCardButton(
  displayName: string,
  action: ToolCallAction,
  read: (card: ToolCallCardContextValue) => {
    run: () => void;
    isOffered: boolean;
    variant?: ToolCallButtonVariant;
    /** The action that its label names, where that is another one. */
    word?: ToolCallAction | undefined;
  },
) {
  const Component = forwardRef<HTMLButtonElement, ToolCallCardButtonProps>((props, ref) => {
    const { run, isOffered, variant, word } = read(useStillCard());
    if (!isOffered) return null;
    return <CardButton action={action} word={word} run={run} {...(variant && { variant })} {...props} ref={ref} />;
  });
  Component.displayName = displayName;
  return Component;
}

/** Runs a failed or cancelled call again. @selector [data-slot="tool-call-card-retry"] */
export const ToolCallCardRetry = createCardButton('ToolCallCardRetry', 'retry', (card) => ({
  run: () => card.retry(),
  isOffered: card.canRetry,
}));

/** Stops a call that waits or runs. @selector [data-slot="tool-call-card-cancel"] */
export const ToolCallCardCancel = createCardButton('ToolCallCardCancel', 'cancel', (card) => ({
  run: card.cancel,
  isOffered: card.isRecorded && isAtWork(card.call),
}));

/** Takes back what the call has done, while that is offered. @selector [data-slot="tool-call-card-undo"] */
export const ToolCallCardUndo = createCardButton('ToolCallCardUndo', 'undo', (card) => ({
  run: card.undo,
  isOffered: card.canUndo,
}));

/** Says yes. A destructive yes is outlined, never filled. @selector [data-slot="tool-call-card-approve"] */
export const ToolCallCardApprove = createCardButton('ToolCallCardApprove', 'approve', (card) => ({
  run: () => card.approve(),
  isOffered: card.call.status === 'awaiting-approval',
  variant: card.call.status !== 'input-streaming' && card.call.destructive ? 'danger' : 'primary',
  word: isReadyToRun(card.call) ? 'run' : undefined,
}));

/** Says no. To give the model a reason, prevent the default and call `deny(reason)`. @selector [data-slot="tool-call-card-deny"] */
export const ToolCallCardDeny = createCardButton('ToolCallCardDeny', 'deny', (card) => ({
  run: () => card.deny(),
  isOffered: card.call.status === 'awaiting-approval',
  word: isReadyToRun(card.call) ? 'skip' : undefined,
}));

/** Runs an interrupted call, or one that only reads once more. @selector [data-slot="tool-call-card-run"] */
export const ToolCallCardRun = createCardButton('ToolCallCardRun', 'run', (card) => ({
  run: card.run,
  isOffered: card.call.status === 'interrupted' || card.canRunAgain,
  variant: card.canRunAgain ? 'ghost' : 'primary',
  word: card.canRunAgain ? 'runAgain' : undefined,
}));

/** Gives up on a call that waits for a person: the model reads that it failed. @selector [data-slot="tool-call-card-skip"] */
export const ToolCallCardSkip = createCardButton('ToolCallCardSkip', 'skip', (card) => ({
  run: card.skip,
  isOffered:
    card.call.status === 'interrupted' ||
    card.call.status === 'awaiting-input' ||
    (card.call.status === 'failed' && card.call.held === true),
}));

/** Submits the form around it. @selector [data-slot="tool-call-card-send"] */
export const ToolCallCardSend = forwardRef<HTMLButtonElement, ToolCallCardButtonProps>(
  function ToolCallCardSend(props, ref) {
    if (useStillCard().call.status !== 'awaiting-input') return null;
    return <CardButton action="send" type="submit" variant="primary" {...props} ref={ref} />;
  },
);
