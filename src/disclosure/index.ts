/** The door of `use-parallel-tools/disclosure`: what the model is given, who let it go, and what each answer was made of. */
export { AnswerSources, type AnswerSourcesProps } from './answer-sources.tsx';
export { ConsentRequest, type ConsentRequestProps } from './consent-request.tsx';
export {
  answerConsent,
  selectConsent,
  type ConsentAnswer,
  type ConsentPolicy,
  type DisclosedCall,
  type Disclosure,
} from './consent.ts';
export { disclosure, type DisclosureOptions } from './disclosure.ts';
export { englishDisclosureLabels, type DisclosureLabels, type DisclosureLabelsOverride } from './labels.ts';
export type { CallDisclosure, Withheld } from './model-value.ts';
export {
  exportRecord,
  verifyRecord,
  type DisclosureEntry,
  type RecordJournal,
  type ExportRecordOptions,
} from './record.ts';
export { selectLabels, selectSources, type AnswerSource } from './sources.ts';
