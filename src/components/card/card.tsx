'use client';
/** Owns the drop-in card: its parts in their order, and which of them a status shows. Built of public parts only. */
import { forwardRef, memo, type ReactNode } from 'react';
import { describeInterruption, isAtWork, isReadyToRun } from '../words/call-status.ts';
import { renderText } from '../words/hidden-characters.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import type { ToolCallRenderers } from '../../react/renderers.ts';
import { CallBoundary } from './boundary.tsx';
import {
  ToolCallCardAttempts,
  ToolCallCardContent,
  ToolCallCardError,
  ToolCallCardFooter,
  ToolCallCardInput,
  ToolCallCardNote,
  ToolCallCardOutput,
  ToolCallCardQuestion,
} from './body.tsx';
import {
  ToolCallCardApprove,
  ToolCallCardCancel,
  ToolCallCardDeny,
  ToolCallCardRetry,
  ToolCallCardRun,
  ToolCallCardSkip,
  ToolCallCardUndo,
} from './buttons.tsx';
import { useStillCard, useToolCallCard } from './context.tsx';
import { ToolCallCardDetail } from './detail.tsx';
import { ToolCallCardChange, ToolCallCardEdit, ToolCallCardEditForm } from './edit.tsx';
import {
  ToolCallCardActions,
  ToolCallCardChevron,
  ToolCallCardHeader,
  ToolCallCardIcon,
  ToolCallCardName,
  ToolCallCardProgress,
  ToolCallCardStatus,
  ToolCallCardTime,
  ToolCallCardTrigger,
} from './head.tsx';
import { ToolCallCardRenderer } from './renderer.tsx';
import { ToolCallCardRespond } from './respond.tsx';
import { ToolCallCardRoot, type ToolCallCardFrameProps, type ToolCallSource } from './root.tsx';
import { drawingAttributes, infoDrawing, warningDrawing } from '../part/icons.tsx';

export type ToolCallCardProps = Omit<ToolCallCardFrameProps, 'asChild'> &
  ToolCallSource & {
    /** Stands under what the open card shows. It reads the call by `useToolCallCard()`. */
    children?: ReactNode;
    /** Your own components for the input, output and answer of a tool, by its name. */
    renderers?: ToolCallRenderers | undefined;
  };

/**
 * One tool call: a line that opens to input, output, error and what a person can do.
 * Give it `callKey`, or `call` for one that only a message part knows; the store's record wins.
 */
export const ToolCallCard = memo(
  forwardRef<HTMLDivElement, ToolCallCardProps>(function ToolCallCard({ renderers, children, ...props }, ref) {
    return (
      <ToolCallCardRoot {...props} ref={ref}>
        <CardBoundary>
          <Head />
          <ToolCallCardContent>
            <Body renderers={renderers} />
            {children}
          </ToolCallCardContent>
        </CardBoundary>
      </ToolCallCardRoot>
    );
  }),
);

function Head(): ReactNode {
  const { call, isOpen, canRetry, canUndo } = useStillCard();
  const hasCancel = !isOpen && isAtWork(call);
  return (
    <ToolCallCardHeader>
      <ToolCallCardIcon />
      <ToolCallCardTrigger /> <ToolCallCardDetail />{' '}
      {call.status === 'failed' && canRetry && (
        <ToolCallCardActions>
          <ToolCallCardRetry />
        </ToolCallCardActions>
      )}{' '}
      {canUndo && (
        <ToolCallCardActions>
          <ToolCallCardUndo />
        </ToolCallCardActions>
      )}{' '}
      {hasCancel && (
        <ToolCallCardActions data-reveal="">
          <ToolCallCardCancel variant="ghost" />
        </ToolCallCardActions>
      )}
      <ToolCallCardStatus /> <ToolCallCardTime />
      <ToolCallCardChevron />
      <ToolCallCardProgress />
    </ToolCallCardHeader>
  );
}

function Body({ renderers }: RenderersProps): ReactNode {
  const { call, isEditing } = useToolCallCard();
  switch (call.status) {
    case 'awaiting-approval':
      if (isEditing) return <Edit renderers={renderers} />;
      return (
        <>
          <Question renderers={renderers} />
          {call.reasons !== undefined && (
            <ToolCallCardNote>
              <svg {...drawingAttributes}>{warningDrawing}</svg>
              <span>{renderText(call.reasons.join(' '))}</span>
            </ToolCallCardNote>
          )}
          <ToolCallCardFooter>
            <ToolCallCardApprove /> <ToolCallCardDeny /> <ToolCallCardEdit variant="ghost" />{' '}
            {call.destructive && <Note tone="danger" word="destructiveNote" />}
            {isReadyToRun(call) && <Note word="readyToRunNote" />}
            {call.inputSigned === true && <Note word="signedNote" />}
          </ToolCallCardFooter>
        </>
      );
    case 'interrupted':
      return (
        <>
          <Question renderers={renderers} />
          <ToolCallCardFooter>
            <ToolCallCardRun /> <ToolCallCardSkip /> <Note word="interruptedNote" />
          </ToolCallCardFooter>
        </>
      );
    case 'awaiting-input':
      return <Answer renderers={renderers} />;
    case 'failed':
    case 'retrying':
      return (
        <>
          <ToolCallCardError />
          <ToolCallCardAttempts />
          {isEditing ? (
            <Edit renderers={renderers} />
          ) : (
            <>
              <Input renderers={renderers} />
              <ToolCallCardChange />
              <Footer />
            </>
          )}
        </>
      );
    default:
      return (
        <>
          <Input renderers={renderers} />
          <ToolCallCardChange />
          <Output renderers={renderers} />
          <ToolCallCardAttempts />
          <Footer />
        </>
      );
  }
}

interface RenderersProps {
  renderers: ToolCallRenderers | undefined;
}

function Input({ renderers }: RenderersProps): ReactNode {
  const { call } = useToolCallCard();
  if (call.input === undefined && call.status !== 'input-streaming') return null;
  return (
    <ToolCallCardRenderer of="input" renderers={renderers}>
      {(rendered) => <ToolCallCardInput>{rendered}</ToolCallCardInput>}
    </ToolCallCardRenderer>
  );
}

function Output({ renderers }: RenderersProps): ReactNode {
  return (
    <ToolCallCardRenderer of="output" renderers={renderers}>
      {(rendered) => <ToolCallCardOutput>{rendered}</ToolCallCardOutput>}
    </ToolCallCardRenderer>
  );
}

function Question({ renderers }: RenderersProps): ReactNode {
  return (
    <ToolCallCardRenderer of="input" renderers={renderers}>
      {(rendered) => (rendered ? <ToolCallCardInput>{rendered}</ToolCallCardInput> : <ToolCallCardQuestion />)}
    </ToolCallCardRenderer>
  );
}

/** The form in which a person changes the input. */
function Edit({ renderers }: RenderersProps): ReactNode {
  return (
    <ToolCallCardRenderer of="edit" renderers={renderers}>
      {(rendered) => rendered ?? <ToolCallCardEditForm />}
    </ToolCallCardRenderer>
  );
}

function Answer({ renderers }: RenderersProps): ReactNode {
  return (
    <ToolCallCardRenderer of="respond" renderers={renderers}>
      {(rendered) =>
        rendered ?? (
          <>
            <ToolCallCardQuestion />
            <ToolCallCardRespond />
          </>
        )
      }
    </ToolCallCardRenderer>
  );
}

/** The buttons under the values; no element where there is none. */
function Footer(): ReactNode {
  const { call, canRetry, canRunAgain, canEdit, retryBlock, isRecorded, isOpen } = useToolCallCard();
  const blocked = useToolCallLabels().retryBlocked[retryBlock ?? 'not-failed'];
  const isPending = isAtWork(call);
  const isHeld = call.status === 'failed' && call.held === true;
  const hasRetry = call.status === 'cancelled' && canRetry;
  const hasButton = isHeld || hasRetry || canRunAgain || canEdit || (isPending && isRecorded);
  if (!(isOpen && (hasButton || blocked !== undefined))) return null;
  return (
    <ToolCallCardFooter>
      <ToolCallCardCancel />
      {hasRetry && <ToolCallCardRetry />}
      <ToolCallCardRun />
      <ToolCallCardEdit />
      <ToolCallCardSkip />
      {blocked !== undefined && <Note word="retryBlocked" />}
    </ToolCallCardFooter>
  );
}

function Note({
  word,
  tone,
}: {
  word: 'destructiveNote' | 'interruptedNote' | 'readyToRunNote' | 'signedNote' | 'retryBlocked';
  tone?: 'danger';
}): ReactNode {
  const labels = useToolCallLabels();
  const { call, retryBlock } = useToolCallCard();
  const words = word === 'retryBlocked' ? labels.retryBlocked[retryBlock ?? 'not-failed'] : labels[word];
  return (
    <ToolCallCardNote {...(tone && { 'data-tone': tone })}>
      <svg {...drawingAttributes}>{tone === 'danger' ? warningDrawing : infoDrawing}</svg>
      {call.status === 'interrupted' ? describeInterruption(call, labels) : words}
    </ToolCallCardNote>
  );
}

/** A card that cannot be shown says so in its own line. */
function CardBoundary({ children }: { children: ReactNode }): ReactNode {
  return (
    <CallBoundary
      fallback={(text) => (
        <ToolCallCardHeader>
          <ToolCallCardIcon />
          <ToolCallCardName />
          <ToolCallCardDetail>{text}</ToolCallCardDetail>
        </ToolCallCardHeader>
      )}
    >
      {children}
    </CallBoundary>
  );
}
