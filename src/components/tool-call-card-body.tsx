'use client';
/** Owns what an open card shows: input, output, error and attempts, each a caption beside its value. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { forwardRef, useRef, useState, type ComponentPropsWithoutRef, type ReactNode } from 'react';
import type { ToolCallError } from '../core/errors.ts';
import type { DisplayedToolCall } from '../core/message-batch.ts';
import type { ToolCallAttempt } from '../core/tool-call.ts';
import { cardAttributes } from './attributes.ts';
import { useToolCallLabels } from './labels-provider.tsx';
import { listSpans } from './timeline-spans.ts';
import { toInputFields } from './summarize-input.ts';
import { useCardAttributes, useStillCard, useToolCallCard } from './tool-call-card-context.tsx';
import { createCardPart } from './tool-call-card-part.tsx';
import { renderBars } from './tool-call-timeline-bars.tsx';
import { ToolCallCardCopy } from './tool-call-card-copy.tsx';
import { ToolCallImages } from './tool-call-images.tsx';
import { ToolCallValue } from './tool-call-value.tsx';
import { useIsScrolling } from './use-is-scrolling.ts';
import { Part, type PartProps } from './part-element.tsx';

/**
 * What folds. Its content is on the page only while the card is open, and it itself once somebody may open the card: each one that mounts
 * makes the browser work out the styles of the whole page. @selector [data-slot="tool-call-card-content"]
 */
export const ToolCallCardContent = forwardRef<HTMLDivElement, ComponentPropsWithoutRef<typeof Collapsible.Content>>(
  function ToolCallCardContent(props, ref) {
    const { isOpen, isReached } = useStillCard();
    const attributes = useCardAttributes('content');
    const [wasOpen, setWasOpen] = useState(isOpen);
    if (isOpen && !wasOpen) setWasOpen(true);
    if (!isOpen && !wasOpen && !isReached && props.forceMount !== true) return null;
    return <Collapsible.Content {...attributes} {...props} ref={ref} />;
  },
);

/** The buttons under the values. @selector [data-slot="tool-call-card-footer"] */
export const ToolCallCardFooter = createCardPart('div', 'footer', 'ToolCallCardFooter');

/** A remark beside buttons. @selector [data-slot="tool-call-card-note"] @selector [data-tone="danger"] */
export const ToolCallCardNote = createCardPart('span', 'note', 'ToolCallCardNote');

type SectionProps = PartProps<'div'>;

export interface ToolCallCardSectionProps extends SectionProps {
  caption: ReactNode;
}

const Section = forwardRef<
  HTMLDivElement,
  ToolCallCardSectionProps & { filling?: ReactNode; copied?: { value: unknown } }
>(function Section({ caption, copied, ...props }, ref) {
  return (
    <Part.div
      {...useCardAttributes('section')}
      {...props}
      ref={ref}
      frame={(value) => (
        <>
          <div data-slot="tool-call-card-caption">{caption}</div>
          {value}
          {copied !== undefined && <ToolCallCardCopy value={copied.value} />}
        </>
      )}
    />
  );
});

/** A caption and its value; also for sections of your own. @selector [data-slot="tool-call-card-section"] */
export const ToolCallCardSection = forwardRef<HTMLDivElement, ToolCallCardSectionProps>(
  function ToolCallCardSection(props, ref) {
    return <Section {...props} ref={ref} />;
  },
);

/** The input. @selector [data-section="input"] */
export const ToolCallCardInput = forwardRef<HTMLDivElement, SectionProps>(function ToolCallCardInput(props, ref) {
  const { call } = useToolCallCard();
  const { input: caption } = useToolCallLabels();
  return (
    <Section
      data-section="input"
      {...(call.status !== 'input-streaming' && { copied: { value: call.input } })}
      caption={caption}
      {...props}
      ref={ref}
      filling={
        <ToolCallValue value={call.input} isStreaming={call.status === 'input-streaming'} aria-label={caption} />
      }
    />
  );
});

/** The output, final or preliminary; nothing while there is none. @selector [data-section="output"] */
export const ToolCallCardOutput = forwardRef<HTMLDivElement, SectionProps>(function ToolCallCardOutput(props, ref) {
  const { call } = useToolCallCard();
  const { output: caption } = useToolCallLabels();
  const hasOutput = call.status === 'succeeded' || (call.status === 'running' && call.output !== undefined);
  if (!hasOutput) return null;
  return (
    <Section
      data-section="output"
      caption={caption}
      {...props}
      ref={ref}
      copied={{ value: call.output }}
      filling={
        <div>
          <ToolCallValue value={call.output} aria-label={caption} />
          <ToolCallImages value={call.output} />
        </div>
      }
    />
  );
});

/** What went wrong, in the tool's own words, and the kind of it; nothing for a call without a failure. @selector [data-section="error"] */
export const ToolCallCardError = forwardRef<HTMLDivElement, SectionProps>(function ToolCallCardError(props, ref) {
  const { call } = useToolCallCard();
  const { error: caption } = useToolCallLabels();
  if (call.status !== 'failed' && call.status !== 'retrying') return null;
  return (
    <Section
      data-section="error"
      caption={caption}
      {...props}
      ref={ref}
      filling={<ErrorPanel error={call.error} caption={caption} />}
    />
  );
});

function ErrorPanel({ error, caption }: { error: ToolCallError; caption: string }): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const isScrolling = useIsScrolling(ref);
  return (
    <div
      data-slot="tool-call-card-error"
      {...(isScrolling && { tabIndex: 0, role: 'group', 'aria-label': caption })}
      ref={ref}
    >
      <span data-slot="tool-call-card-message">{error.message}</span>{' '}
      <span data-slot="tool-call-card-kind">{error.kind}</span>
    </div>
  );
}

/** The attempts as a lane and in numbers; nothing for a single one. @selector [data-section="attempts"] */
export const ToolCallCardAttempts = forwardRef<HTMLDivElement, SectionProps>(function ToolCallCardAttempts(props, ref) {
  const { call } = useToolCallCard();
  const labels = useToolCallLabels();
  const attempts = call.status === 'input-streaming' ? [] : call.attempts.filter(hasEnded);
  if (attempts.length < 2) return null;
  const durations = attempts.slice(0, 12).map((attempt) => labels.duration(attempt.endedAt - attempt.startedAt));
  const rest = attempts.length > durations.length ? ', …' : '';
  return (
    <Section
      data-section="attempts"
      caption={labels.attempts}
      {...props}
      ref={ref}
      filling={
        <div data-slot="tool-call-card-attempts">
          <div data-slot="tool-call-timeline-track" data-bare="" aria-hidden>
            {renderAttempts(call)}
          </div>
          <div data-slot="tool-call-card-attempts-text">
            {`${labels.attemptCount(attempts.length)} · ${durations.join(', ')}${rest}`}
          </div>
        </div>
      }
    />
  );
});

type EndedAttempt = ToolCallAttempt & { readonly endedAt: number };

function hasEnded(attempt: ToolCallAttempt): attempt is EndedAttempt {
  return attempt.endedAt !== undefined && attempt.startedAt > 0;
}

/** The attempts alone, end to end on the whole track. */
function renderAttempts(call: DisplayedToolCall): ReactNode[] {
  const spans = listSpans(call, 0).filter(({ phase, isLive }) => phase !== 'queued' && !isLive);
  const start = spans[0]?.from ?? 0;
  const length = Math.max(1, (spans.at(-1)?.to ?? 1) - start);
  return renderBars(spans, (at) => (at - start) / length);
}

/**
 * What a person is asked to agree to: the input as fields, or as JSON (in a {@link ToolCallCardInput}) where it is nested
 * or long. @selector [data-slot="tool-call-fields"]
 */
export const ToolCallCardQuestion = forwardRef<HTMLDListElement, PartProps<'dl'>>(
  function ToolCallCardQuestion(props, ref) {
    const { call, isOpen } = useToolCallCard();
    const fields = toInputFields(call.input);
    if (fields === undefined) return call.input === undefined ? null : <ToolCallCardInput />;
    return (
      <Part.dl
        {...cardAttributes('', call.status, isOpen)}
        data-slot="tool-call-fields"
        {...props}
        ref={ref}
        filling={fields.flatMap(({ name, value }) => [
          <dt key={`${name} name`}>{name}</dt>,
          <dd key={name}>{value}</dd>,
        ])}
      />
    );
  },
);
