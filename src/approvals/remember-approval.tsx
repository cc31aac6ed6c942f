'use client';
/** Owns what a card says of remembered answers: what an answer would cover, before it is given, and that an earlier one was given to the call. */
import { forwardRef, useCallback, useId, useRef, useState, type ComponentPropsWithoutRef, type ReactNode } from 'react';
import type { ToolCallState } from '../core/tool-call-store.ts';
import type { RememberFor } from '../core/tool-calls.ts';
import type { AwaitingApprovalToolCall } from '../core/tool-call.ts';
import { useToolCallCard } from '../components/card/context.tsx';
import { composeHandlers } from '../components/part/attributes.ts';
import { useFocusHandover } from '../components/part/use-focus-handover.ts';
import { useMergedRefs } from '../components/part/use-merged-refs.ts';
import { renderText } from '../components/words/hidden-characters.tsx';
import { useToolCalls } from '../react/use-tool-calls.ts';
import { englishApprovalMemoryLabels, type ApprovalMemoryLabels, type ApprovalMemoryLabelsOverride } from './labels.ts';
import { isAnswerable, readAppliedRule, readApprovalOffer, selectCoveredCalls, type ApprovalOffer } from './rules.ts';

export interface RememberApprovalProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  /** Words in another language. Define it outside of components. @default English */
  labels?: ApprovalMemoryLabelsOverride | undefined;
}

/**
 * On the card of a call that waits for a yes, the choice to have the answer remembered; on that of one that a remembered answer has answered, which one.
 * Nothing where there is neither. @selector [data-slot="tool-call-remember"]
 */
export const RememberApproval = forwardRef<HTMLDivElement, RememberApprovalProps>(function RememberApproval(
  { labels, ...props },
  forwardedRef,
) {
  const { call, isEditing } = useToolCallCard();
  const ref = useRef<HTMLDivElement>(null);
  const mergedRef = useMergedRefs(ref, forwardedRef);
  if (call.status === 'input-streaming') return null;
  const words = { ...englishApprovalMemoryLabels, ...labels };
  const rule = readAppliedRule(call);
  const offer = readApprovalOffer(call);
  const isAsked = isAnswerable(call) && offer !== undefined && !isEditing;
  if (rule === undefined && !isAsked) return null;
  return (
    <div data-slot="tool-call-remember" {...props} ref={mergedRef}>
      {isAsked ? (
        <Choice call={call} offer={offer} words={words} />
      ) : (
        rule && <Covered covered={rule.key}>{words.answered(rule.answer, rule.at)}</Covered>
      )}
    </div>
  );
});

interface ChoiceProps {
  call: AwaitingApprovalToolCall;
  offer: ApprovalOffer;
  words: ApprovalMemoryLabels;
}

function Choice({ call, offer, words }: ChoiceProps): ReactNode {
  const { approve, deny } = useToolCallCard();
  const [remember, setRemember] = useState<RememberFor>('chat');
  const others = useToolCalls(useCallback((state: ToolCallState) => selectCoveredCalls(state, call).length, [call]));
  const ref = useRef<HTMLDetailsElement>(null);
  useFocusHandover(ref);
  const id = useId();
  const name = call.title ?? call.toolName;
  const { key, ttl, maxUses, isStored } = offer;
  return (
    <details data-slot="tool-call-remember-choice" ref={ref}>
      <summary data-slot="tool-call-remember-trigger" aria-label={words.rememberNamed(name)}>
        {words.remember}
      </summary>
      <div role="group" aria-label={words.rememberNamed(name)} data-slot="tool-call-remember-body">
        <Covered covered={key} id={id}>
          {renderText(key === undefined ? words.coversInput(name) : words.covers(name))}
        </Covered>
        {others > 0 && <div>{words.alsoAnswers(others)}</div>}
        {(ttl !== undefined || maxUses !== undefined) && <div>{words.lasts(ttl, maxUses)}</div>}
        {!isStored && <div>{words.untilLeft}</div>}
        <div data-slot="tool-call-remember-actions">
          <select
            data-slot="tool-call-remember-scope"
            aria-label={words.scope}
            value={remember}
            onChange={({ target }) => setRemember(target.value === 'chat' ? 'chat' : 'always')}
          >
            <option value="chat">{words.scopes.chat}</option>
            <option value="always">{words.scopes.always}</option>
          </select>
          <button
            type="button"
            data-slot="tool-call-remember-approve"
            data-variant={call.destructive ? 'danger' : 'outline'}
            aria-describedby={id}
            onClick={composeHandlers(undefined, () => approve({ remember }))}
          >
            {words.approve}
          </button>
          <button
            type="button"
            data-slot="tool-call-remember-deny"
            data-variant="outline"
            aria-describedby={id}
            onClick={composeHandlers(undefined, () => deny(undefined, { remember }))}
          >
            {words.deny}
          </button>
        </div>
      </div>
    </details>
  );
}

/** A sentence, and what the tool calls that which is covered. */
function Covered({
  covered,
  id,
  children,
}: {
  covered: string | undefined;
  id?: string;
  children: ReactNode;
}): ReactNode {
  return (
    <div data-slot="tool-call-remember-coverage" {...(id !== undefined && { id })}>
      {children} {covered !== undefined && <code data-slot="tool-call-key">{renderText(covered)}</code>}
    </div>
  );
}
