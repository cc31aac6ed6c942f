'use client';
/** Owns what an open card shows: input, output, error and attempts, each a caption beside its value. */
import * as Collapsible from '@radix-ui/react-collapsible';
import { forwardRef, useCallback, useRef, useState, type ComponentPropsWithoutRef, type ReactNode } from 'react';
import type { ToolCallError } from '../../core/errors.ts';
import type { DisplayedToolCall } from '../../core/message-batch.ts';
import type { ToolCallAttempt } from '../../core/tool-call.ts';
import { createPartFactory } from '../part/create-part.tsx';
import { renderText } from '../words/hidden-characters.tsx';
import { inputOf } from '../words/input-of.ts';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { listRunSpans } from '../spans/spans.ts';
import { toInputFields } from '../value/summarize-input.ts';
import { useCardAttributes, useStillCard, useToolCallCard } from './context.tsx';
import { renderBars } from '../spans/bars.tsx';
import { ToolCallCardCopy } from './copy.tsx';
import { ToolCallImages } from '../value/images.tsx';
import { ToolCallValue } from '../value/value.tsx';
import { useIsScrolling } from '../part/use-is-scrolling.ts';
import { useMergedRefs } from '../part/use-merged-refs.ts';
import { FoldedContext, useFindable, usePageSearch } from '../part/use-page-search.ts';
import { Part, type PartProps } from '../part/part-element.tsx';

const createPart = createPartFactory('ToolCallCard', useCardAttributes);

/**
 * What folds. Its content is on the page only while the card is open, and it itself once somebody may open the card: each one that mounts
 * makes the browser work out the styles of the whole page. From the first search of the page on, it is there for the browser to find.
 * @selector [data-slot="tool-call-card-content"] @selector [hidden="until-found"] @selector [data-searched]
 */
export const ToolCallCardContent = forwardRef<HTMLDivElement, ComponentPropsWithoutRef<typeof Collapsible.Content>>(
  function ToolCallCardContent({ forceMount, ...props }, ref) {
    const { id, isOpen, isReached } = useStillCard();
    const attributes = useCardAttributes('content');
    const isFindable = usePageSearch() && !isOpen && forceMount !== true;
    const [wasFindable, setWasFindable] = useState(isFindable);
    if (isFindable && !wasFindable) setWasFindable(true);
    const [wasOpen, setWasOpen] = useState(isOpen);
    if (isOpen && !wasOpen) setWasOpen(true);
    if (wasFindable) return <FindableContent {...attributes} {...props} ref={ref} />;
    if (!isOpen && !wasOpen && !isReached && forceMount !== true) return null;
    return (
      <Collapsible.Content
        {...attributes}
        id={`${id}content`}
        {...(forceMount && { forceMount })}
        {...props}
        ref={ref}
      />
    );
  },
);

/** The same once the page was searched. Radix takes from the page what is folded, and measures it; the browser must find it. */
const FindableContent = forwardRef<HTMLDivElement, PartProps<'div'>>(function FindableContent(props, forwardedRef) {
  const { id, isOpen, setOpen } = useStillCard();
  const ref = useRef<HTMLDivElement>(null);
  useFindable(
    ref,
    !isOpen,
    useCallback(() => setOpen(true), [setOpen]),
  );
  return (
    <FoldedContext.Provider value={!isOpen}>
      <Part.div
        id={`${id}content`}
        data-searched=""
        {...props}
        hidden={!isOpen}
        ref={useMergedRefs(ref, forwardedRef)}
      />
    </FoldedContext.Provider>
  );
});

/** The buttons under the values. @selector [data-slot="tool-call-card-footer"] */
export const ToolCallCardFooter = createPart('div', 'footer');

/** A remark beside buttons; by itself, why plugins want a person's yes. @selector [data-slot="tool-call-card-note"] @selector [data-tone="danger"] */
export const ToolCallCardNote = createPart('span', 'note', () => {
  const { call } = useToolCallCard();
  const reasons = call.status === 'awaiting-approval' ? call.reasons : undefined;
  return { filling: reasons && renderText(reasons.join(' ')) };
});

export interface ToolCallCardSectionProps extends PartProps<'div'> {
  caption: ReactNode;
}

/** What stands in a section: a caption, the value, and the button that copies it. */
function frameSection(caption: ReactNode, value: ReactNode, copied?: { value: unknown }): ReactNode {
  return (
    <>
      <div data-slot="tool-call-card-caption">{caption}</div>
      {value}
      {copied && <ToolCallCardCopy value={copied.value} />}
    </>
  );
}

/** A caption and its value; also for sections of your own. @selector [data-slot="tool-call-card-section"] */
export const ToolCallCardSection = forwardRef<HTMLDivElement, ToolCallCardSectionProps>(function ToolCallCardSection(
  { caption, ...props },
  ref,
) {
  return (
    <Part.div {...useCardAttributes('section')} {...props} ref={ref} frame={(value) => frameSection(caption, value)} />
  );
});

/** Makes a section that is captioned with its label, and shows nothing where it has nothing to show. */
export function createSection(
  section: 'input' | 'output' | 'error' | 'attempts' | 'changed',
  useShown: (caption: string) => { filling: ReactNode; copied?: { value: unknown } | undefined } | null,
) {
  return createPart('div', section, () => {
    const caption = useToolCallLabels()[section];
    const shown = useShown(caption);
    return (
      shown && {
        'data-slot': 'tool-call-card-section',
        'data-section': section,
        filling: shown.filling,
        frame: (value) => frameSection(caption, value, shown.copied),
      }
    );
  });
}

/** The input. @selector [data-section="input"] */
export const ToolCallCardInput = createSection('input', (caption) => {
  const { call } = useToolCallCard();
  const input = inputOf(call);
  const isStreaming = call.status === 'input-streaming';
  return {
    copied: isStreaming ? undefined : { value: input },
    filling: <ToolCallValue value={input} isStreaming={isStreaming} aria-label={caption} />,
  };
});

/** The output, final or preliminary; nothing while there is none. @selector [data-section="output"] */
export const ToolCallCardOutput = createSection('output', (caption) => {
  const { call } = useToolCallCard();
  if (!hasOutput(call)) return null;
  return {
    copied: { value: call.output },
    filling: (
      <div>
        <ToolCallValue value={call.output} aria-label={caption} />
        <ToolCallImages value={call.output} />
      </div>
    ),
  };
});

/** Whether a call has an output, final or preliminary. */
export function hasOutput(
  call: DisplayedToolCall,
): call is Extract<DisplayedToolCall, { status: 'succeeded' | 'running' }> {
  return call.status === 'succeeded' || (call.status === 'running' && call.output !== undefined);
}

/** What went wrong, in the tool's own words, and the kind of it; nothing for a call without a failure. @selector [data-section="error"] */
export const ToolCallCardError = createSection('error', (caption) => {
  const { call } = useToolCallCard();
  const hasFailed = call.status === 'failed' || call.status === 'retrying';
  return hasFailed ? { filling: <ErrorPanel error={call.error} caption={caption} /> } : null;
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
      <span data-slot="tool-call-card-message">{renderText(error.message)}</span>{' '}
      <span data-slot="tool-call-card-kind">{error.kind}</span>
    </div>
  );
}

/** The attempts as a lane and in numbers; nothing for a single one. @selector [data-section="attempts"] */
export const ToolCallCardAttempts = createSection('attempts', () => {
  const { call } = useToolCallCard();
  const labels = useToolCallLabels();
  const attempts = call.status === 'input-streaming' ? [] : call.attempts.filter(hasEnded);
  if (attempts.length < 2) return null;
  const durations = attempts.slice(0, 12).map((attempt) => labels.duration(attempt.endedAt - attempt.startedAt));
  const rest = attempts.length > durations.length ? ', …' : '';
  return {
    filling: (
      <div data-slot="tool-call-card-attempts">
        <div data-slot="tool-call-timeline-track" data-bare="" aria-hidden>
          {renderAttempts(call)}
        </div>
        <div data-slot="tool-call-card-attempts-text">
          {`${labels.attemptCount(attempts.length)} · ${durations.join(', ')}${rest}`}
        </div>
      </div>
    ),
  };
});

type EndedAttempt = ToolCallAttempt & { readonly endedAt: number };

function hasEnded(attempt: ToolCallAttempt): attempt is EndedAttempt {
  return attempt.endedAt !== undefined && attempt.startedAt > 0;
}

/** The attempts alone, end to end on the whole track. */
function renderAttempts(call: DisplayedToolCall): ReactNode[] {
  if (call.status === 'input-streaming') return [];
  const spans = listRunSpans(call, 0).filter(({ phase, isLive }) => phase !== 'queued' && !isLive);
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
    const { call } = useToolCallCard();
    const attributes = useCardAttributes('fields');
    const fields = toInputFields(inputOf(call));
    if (fields === undefined) return call.input === undefined ? null : <ToolCallCardInput />;
    return (
      <Part.dl
        {...attributes}
        data-slot="tool-call-fields"
        {...props}
        ref={ref}
        filling={fields.flatMap(({ name, value }) => [
          <dt key={`${name} name`}>{renderText(name)}</dt>,
          <dd key={name}>{renderText(value)}</dd>,
        ])}
      />
    );
  },
);
