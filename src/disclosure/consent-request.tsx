'use client';
/** Owns the question whether the results of a step are sent: what would go, call by call, and a person's answer. */
import { forwardRef, useId, useState, type ComponentPropsWithoutRef } from 'react';
import type { ToolBatchKey } from '../core/tool-call.ts';
import { useToolBatch, useToolCalls } from '../react/use-tool-calls.ts';
import { answerConsent, selectConsent } from './consent.ts';
import { englishDisclosureLabels, type DisclosureLabelsOverride } from './labels.ts';

export interface ConsentRequestProps extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  batch: { readonly key: ToolBatchKey };
  /** Words in another language. Define it outside of components. @default English */
  labels?: DisclosureLabelsOverride | undefined;
}

/** The open question of a step; nothing where there is none. @selector [data-slot="tool-call-consent"] */
export const ConsentRequest = forwardRef<HTMLDivElement, ConsentRequestProps>(function ConsentRequest(
  { batch: { key }, labels, ...props },
  ref,
) {
  const toolCalls = useToolCalls();
  const { batch } = useToolBatch(key);
  const id = useId();
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const [remember, setRemember] = useState(false);
  const disclosure = batch && selectConsent({ batches: { [key]: batch } }, key);
  if (disclosure === undefined) return null;
  const words = { ...englishDisclosureLabels, ...labels };
  const chosen = disclosure.calls.filter(({ call }) => !leftOut.includes(call.key));
  const leave = (callKey: string, isSent: boolean) =>
    setLeftOut(isSent ? leftOut.filter((each) => each !== callKey) : [...leftOut, callKey]);
  return (
    <div role="group" aria-labelledby={id} data-slot="tool-call-consent" {...props} ref={ref}>
      <div id={id} data-slot="tool-call-consent-title">
        {words.consent(disclosure.calls.length)}
      </div>
      <ul data-slot="tool-call-consent-list">
        {disclosure.calls.map(({ call, labels: carried, untrusted, bytes }) => (
          <li key={call.key}>
            <label data-slot="tool-call-consent-call">
              <input
                type="checkbox"
                aria-label={words.include(call.title ?? call.toolName)}
                checked={!leftOut.includes(call.key)}
                onChange={({ target }) => leave(call.key, target.checked)}
              />
              <span data-slot="tool-call-source-name">{call.title ?? call.toolName}</span>
              {[...carried, ...(untrusted ? [words.untrusted] : []), words.size(bytes)].map((remark) => (
                <span key={remark} data-slot="tool-call-source-remark">
                  {remark}
                </span>
              ))}
            </label>
          </li>
        ))}
      </ul>
      <label data-slot="tool-call-consent-call">
        <input type="checkbox" checked={remember} onChange={({ target }) => setRemember(target.checked)} />
        {words.remember}
      </label>
      <div data-slot="tool-call-consent-actions">
        <button
          type="button"
          data-slot="tool-call-consent-send"
          data-variant="primary"
          disabled={chosen.length === 0}
          onClick={() => answerConsent(toolCalls, key, { leaveOut: leftOut, remember })}
        >
          {words.send}
        </button>
        <button
          type="button"
          data-slot="tool-call-consent-send-nothing"
          data-variant="outline"
          onClick={() => answerConsent(toolCalls, key, { leaveOut: 'all' })}
        >
          {words.sendNothing}
        </button>
      </div>
    </div>
  );
});
