// Owns: who stands in the headline: the contenders, and this library with one thing after another added to it.

export interface Row {
  readonly name: string;
  /** What the page is asked for. */
  readonly query: string;
  readonly kind: 'ours' | 'documented' | 'rival' | 'part';
  /** The question has been asked before, in the same chat. */
  readonly isAskedAgain?: boolean;
}

const cards = 'contenders/use-parallel-tools-cards';

const own: Row = { name: 'useParallelTools', query: cards, kind: 'ours' };
const sdk: readonly Row[] = [
  { name: 'AI SDK, `await` in `onToolCall` (its docs)', query: 'contenders/ai-sdk-await', kind: 'documented' },
  { name: 'AI SDK by hand, no `await`', query: 'contenders/ai-sdk-by-hand', kind: 'rival' },
];
const rivals: readonly Row[] = [
  { name: 'assistant-ui', query: 'rivals/assistant-ui', kind: 'rival' },
  { name: 'TanStack AI', query: 'rivals/tanstack-ai', kind: 'rival' },
  { name: 'CopilotKit v2', query: 'rivals/copilotkit', kind: 'rival' },
];
const part = (name: string, variant: string, more?: Partial<Row>): Row => ({
  name,
  query: `${cards}&variant=${variant}`,
  kind: 'part',
  ...more,
});
/** What early start gives is told against this library without it. */
export const early: Row = part('ours, early start (`./early`)', 'early');
const parts: readonly Row[] = [
  part('ours, one call at a time, after the answer', 'one-by-one'),
  part('ours, calls at the same time, after the answer', 'step-end'),
  early,
  part('ours, calls in one request (`executeMany`)', 'one-request'),
  part('ours, results known (`staleTime`)', 'known', { isAskedAgain: true }),
];

export const listRows = (hasRivals: boolean): readonly Row[] => [own, ...sdk, ...(hasRivals ? rivals : []), ...parts];
