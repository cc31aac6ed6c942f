'use client';
/** Owns the list of what is remembered, and the button that forgets it. */
import {
  forwardRef,
  useCallback,
  useEffect,
  useRef,
  type ComponentPropsWithoutRef,
  type ReactNode,
  type RefObject,
} from 'react';
import { useStore } from 'zustand/react';
import { composeHandlers } from '../components/part/attributes.ts';
import { useLayoutEffect } from '../components/part/use-layout-effect.ts';
import { useMergedRefs } from '../components/part/use-merged-refs.ts';
import { useNow } from '../components/part/use-now.ts';
import { renderText } from '../components/words/hidden-characters.tsx';
import { englishApprovalMemoryLabels, type ApprovalMemoryLabels, type ApprovalMemoryLabelsOverride } from './labels.ts';
import type { ApprovalMemory } from './remembered-approvals.ts';
import { isLive, type RememberedApproval } from './rules.ts';

export interface RememberedApprovalsProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  /** What `rememberedApprovals()` gave, and the hook has among its `plugins`. */
  approvals: ApprovalMemory;
  /** Words in another language. Define it outside of components. @default English */
  labels?: ApprovalMemoryLabelsOverride | undefined;
}

/** Every answer that is remembered, the newest first, each with *Forget*. @selector [data-slot="tool-call-remembered"] @selector [data-answer] */
export const RememberedApprovals = forwardRef<HTMLDivElement, RememberedApprovalsProps>(function RememberedApprovals(
  { approvals, labels, ...props },
  forwardedRef,
) {
  const { rules, isLoaded } = useStore(approvals.store);
  useEffect(() => approvals.watch(), [approvals]);
  const hasEnds = rules.some(({ expiresAt }) => expiresAt !== undefined);
  const live = useNow(
    useCallback((now: number) => listLive(rules, now), [rules]),
    hasEnds,
  );
  const ref = useRef<HTMLDivElement>(null);
  const mergedRef = useMergedRefs(ref, forwardedRef);
  const words = { ...englishApprovalMemoryLabels, ...labels };
  const ids = new Set(live?.split('\n'));
  const shown = rules.filter(({ id }) => ids.has(id)).sort((left, right) => right.at - left.at);
  return (
    <div role="group" aria-label={words.list} tabIndex={-1} data-slot="tool-call-remembered" {...props} ref={mergedRef}>
      {isLoaded && shown.length === 0 && <div data-slot="tool-call-remembered-nothing">{words.nothing}</div>}
      {shown.length > 0 && (
        <ul data-slot="tool-call-remembered-list">
          {shown.map((rule) => (
            <Row key={rule.id} rule={rule} words={words} listRef={ref} onForget={() => approvals.forget(rule)} />
          ))}
        </ul>
      )}
    </div>
  );
});

/** The ids of the answers that still hold. */
function listLive(rules: readonly RememberedApproval[], now: number): string {
  return rules
    .filter((rule) => isLive(rule, now))
    .map(({ id }) => id)
    .join('\n');
}

interface RowProps {
  rule: RememberedApproval;
  words: ApprovalMemoryLabels;
  listRef: RefObject<HTMLDivElement | null>;
  onForget: () => void;
}

function Row({ rule, words, listRef, onForget }: RowProps): ReactNode {
  const { toolName, title = toolName, answer, key, input, chatId, expiresAt, maxUses, uses, reason } = rule;
  const ref = useRef<HTMLButtonElement>(null);
  // Focus stays in the list when its button goes.
  useLayoutEffect(() => {
    const [button, list] = [ref.current, listRef.current];
    return () => {
      if (button !== null && button === button.ownerDocument.activeElement) list?.focus({ preventScroll: true });
    };
  }, [listRef]);
  const remarks = [
    ...(key === undefined ? [words.exactInput] : []),
    chatId === undefined ? words.scopes.always : words.oneChat,
    ...(expiresAt === undefined ? [] : [words.until(expiresAt)]),
    ...(maxUses === undefined ? [] : [words.usesLeft(maxUses - uses)]),
  ];
  return (
    <li data-slot="tool-call-remembered-answer" data-answer={answer}>
      <div data-slot="tool-call-remembered-body">
        <div>
          <span data-slot="tool-call-remembered-said">{words.answers[answer]}</span>{' '}
          <span data-slot="tool-call-source-name">{renderText(title)}</span>
        </div>
        <code data-slot="tool-call-key">{renderText(key ?? input ?? '')}</code>
        <div data-slot="tool-call-remembered-remarks">
          {remarks.map((remark) => (
            <span key={remark} data-slot="tool-call-source-remark">
              {remark}
            </span>
          ))}
          {reason !== undefined && <span data-slot="tool-call-source-remark">{renderText(reason)}</span>}
        </div>
      </div>
      <button
        type="button"
        data-slot="tool-call-remembered-forget"
        data-variant="ghost"
        aria-label={words.forgetNamed(title, key ?? input ?? '')}
        onClick={composeHandlers(undefined, onForget)}
        ref={ref}
      >
        {words.forget}
      </button>
    </li>
  );
}
