/** Owns the words of the guard, in English: those that the plugin itself needs. Those of the components are in `labels.ts`. */
import type { GuardReasons } from './guard.ts';
import type { DisclosureLabels } from './labels.ts';
import { joinLabels } from './sources.ts';

/** The words that are built in. */
export const guardWords: Pick<DisclosureLabels, 'guardReason' | 'guardNotReady' | 'list'> = {
  guardReason: ({ privateFrom, labels, untrustedFrom, carriedFrom }) =>
    (
      (privateFrom &&
        `The conversation holds private data (${labels}, from ${privateFrom}) and text that others wrote (from ${untrustedFrom}). That text may have asked for this call. `) +
      (carriedFrom && `The input repeats private data from ${carriedFrom}.`)
    ).trim(),
  guardNotReady: 'It is not known yet which private data the conversation holds.',
  list: (list) => new Intl.ListFormat('en').format(list),
};

/** The guard's reasons in words: what the card shows. */
export function explainGuard(labels: typeof guardWords, reasons: GuardReasons): string {
  const toNames = (sources: GuardReasons['privateFrom']) =>
    labels.list([...new Set(sources.map(({ title, toolName }) => title ?? toolName))]);
  return labels.guardReason({
    privateFrom: toNames(reasons.privateFrom),
    labels: labels.list(joinLabels(reasons.privateFrom)),
    untrustedFrom: toNames(reasons.untrustedFrom),
    carriedFrom: toNames(reasons.carriedFrom),
  });
}
