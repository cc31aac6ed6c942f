'use client';
/** Owns the drop-in card: its parts in their order, and which of them a status shows. Built of public parts only. */
import { createElement, forwardRef, memo, useContext, type ReactNode } from 'react';
import { FoldedContext } from '../part/use-page-search.ts';
import { describeInterruption, isAtWork, isReadyToRun } from '../words/call-status.ts';
import { renderText } from '../words/hidden-characters.tsx';
import { inputOf } from '../words/input-of.ts';
import { useOfferedRenderer } from '../../react/use-offered-renderer.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import type { ToolCallRenderer, ToolCallRenderers } from '../../react/renderers.ts';
import { CallBoundary } from './boundary.tsx';
import {
  hasOutput,
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

function Body({ renderers }: { renderers: ToolCallRenderers | undefined }): ReactNode {
  const { call, isEditing } = useToolCallCard();
  // What an app renders itself may cost anything, and is not for cards that nobody has opened.
  const isFolded = useContext(FoldedContext);
  const offered = useOfferedRenderer(call.toolName);
  const renderer = isFolded ? undefined : (renderers?.[call.toolName] ?? offered);
  switch (call.status) {
    case 'awaiting-approval':
      if (isEditing) return <Edit renderer={renderer} />;
      return (
        <>
          <Question renderer={renderer} />
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
          <Question renderer={renderer} />
          <ToolCallCardFooter>
            <ToolCallCardRun /> <ToolCallCardSkip /> <Note word="interruptedNote" />
          </ToolCallCardFooter>
        </>
      );
    case 'awaiting-input':
      return <Answer renderer={renderer} />;
    case 'failed':
    case 'retrying':
      return (
        <>
          <ToolCallCardError />
          <ToolCallCardAttempts />
          {isEditing ? (
            <Edit renderer={renderer} />
          ) : (
            <>
              <Input renderer={renderer} />
              <ToolCallCardChange />
              <Footer />
            </>
          )}
        </>
      );
    default:
      return (
        <>
          <Input renderer={renderer} />
          <ToolCallCardChange />
          <Output renderer={renderer} />
          <ToolCallCardAttempts />
          <Footer />
        </>
      );
  }
}

interface RendererProps {
  renderer: ToolCallRenderer | undefined;
}

/** A value whose type only the app knows. */
function known(value: unknown): never {
  return value as never; // SAFETY: the renderer's props are the app's claim about its own tool.
}

function Input({ renderer }: RendererProps): ReactNode {
  const { call } = useToolCallCard();
  if (call.input === undefined && call.status !== 'input-streaming') return null;
  if (renderer?.input === undefined) return <ToolCallCardInput />;
  return (
    <RendererBoundary fallback={<ToolCallCardInput />}>
      <ToolCallCardInput>{createElement(renderer.input, { call, input: known(inputOf(call)) })}</ToolCallCardInput>
    </RendererBoundary>
  );
}

function Output({ renderer }: RendererProps): ReactNode {
  const { call } = useToolCallCard();
  if (!hasOutput(call) || renderer?.output === undefined) return <ToolCallCardOutput />;
  return (
    <RendererBoundary fallback={<ToolCallCardOutput />}>
      <ToolCallCardOutput>
        {createElement(renderer.output, { call, input: known(inputOf(call)), output: known(call.output) })}
      </ToolCallCardOutput>
    </RendererBoundary>
  );
}

function Question({ renderer }: RendererProps): ReactNode {
  return renderer?.input === undefined ? <ToolCallCardQuestion /> : <Input renderer={renderer} />;
}

/** The form in which a person changes the input. */
function Edit({ renderer }: RendererProps): ReactNode {
  const { call, submitInput, setEditing } = useToolCallCard();
  if (renderer?.edit === undefined) return <ToolCallCardEditForm />;
  return (
    <RendererBoundary fallback={<ToolCallCardEditForm />}>
      {createElement(renderer.edit, {
        call,
        input: known(call.input),
        submit: submitInput,
        back: () => setEditing(false),
      })}
    </RendererBoundary>
  );
}

function Answer({ renderer }: RendererProps): ReactNode {
  const { call, respond, skip } = useToolCallCard();
  const standard = (
    <>
      <ToolCallCardQuestion />
      <ToolCallCardRespond />
    </>
  );
  if (renderer?.respond === undefined) return standard;
  return (
    <RendererBoundary fallback={standard}>
      {createElement(renderer.respond, { call, input: known(inputOf(call)), respond, skip })}
    </RendererBoundary>
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

/** A renderer that throws costs itself only: what it failed with, and the value as it would be shown without it. */
function RendererBoundary({ fallback, children }: { fallback: ReactNode; children: ReactNode }): ReactNode {
  return (
    <CallBoundary
      fallback={(text) => (
        <>
          <div data-slot="tool-call-card-error" role="alert">
            <span data-slot="tool-call-card-message">{text}</span>
          </div>
          {fallback}
        </>
      )}
    >
      {children}
    </CallBoundary>
  );
}
