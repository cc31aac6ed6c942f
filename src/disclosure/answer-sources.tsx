'use client';
/** Owns what stands under an answer: how many calls it was made of, and, opened, which ones. */
import { forwardRef, useMemo, type ComponentPropsWithoutRef } from 'react';
import { useToolCalls } from '../react/use-tool-calls.ts';
import { englishDisclosureLabels, type DisclosureLabels, type DisclosureLabelsOverride } from './labels.ts';
import { selectSources, type AnswerSource } from './sources.ts';

export interface AnswerSourcesProps extends Omit<ComponentPropsWithoutRef<'details'>, 'children'> {
  /** The answer: the `id` of its message. */
  messageId: string;
  /** Words in another language. Define it outside of components. @default English */
  labels?: DisclosureLabelsOverride | undefined;
}

/** The calls whose results the model had when it wrote an answer; nothing where there were none. @selector [data-slot="tool-call-sources"] */
export const AnswerSources = forwardRef<HTMLDetailsElement, AnswerSourcesProps>(function AnswerSources(
  { messageId, labels, ...props },
  ref,
) {
  const state = useToolCalls((each) => each);
  const sources = useMemo(() => selectSources(state, messageId), [state, messageId]);
  const words = { ...englishDisclosureLabels, ...labels };
  if (sources.length === 0) return null;
  const given = sources.filter(({ withheld }) => withheld === undefined);
  return (
    <details data-slot="tool-call-sources" {...props} ref={ref}>
      <summary data-slot="tool-call-sources-trigger">
        {words.sources(given.length, given.filter((source) => source.labels.length > 0).length)}
      </summary>
      <ul data-slot="tool-call-sources-list">
        {sources.map((source) => (
          <li key={source.key} data-slot="tool-call-source" data-status={source.status}>
            <span data-slot="tool-call-source-name">{source.title ?? source.toolName}</span>
            {listRemarks(source, words).map((remark) => (
              <span key={remark} data-slot="tool-call-source-remark">
                {remark}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
});

/** What is to be known of a source, beside its name. */
function listRemarks(source: AnswerSource, words: DisclosureLabels): string[] {
  const { labels, untrusted, changed, withheld, status, approved } = source;
  return [
    ...labels,
    ...(untrusted ? [words.untrusted] : []),
    ...(changed !== undefined ? [words.changed[changed]] : []),
    ...(withheld !== undefined ? [words.withheld[withheld]] : []),
    ...(status === 'failed' ? [words.failed] : []),
    ...(approved === true ? [words.approved] : []),
  ];
}
