// Owns: the faults of the torture: what the model's answer is, what each call does, what the person and the page do meanwhile, and what must come of it.

/** What a call does once its effect has reached the service. */
export type Ending =
  | 'done'
  | 'throws'
  | 'throws-nothing'
  | 'big-integer'
  | 'circular'
  | 'map'
  | 'not-a-number'
  | 'nothing';

export type Step =
  | {
      readonly type: 'call';
      readonly index: number;
      readonly id?: string;
      readonly tool?: string;
      readonly input?: object;
    }
  | { readonly type: 'wait'; readonly milliseconds: number }
  /** The connection is reset. */
  | { readonly type: 'cut' }
  /** The answer ends here, and was cut off by the model's limit. */
  | { readonly type: 'length' }
  | { readonly type: 'text' }
  | { readonly type: 'fails' };

/** What a person or the page does. `history`: a page that opens with the question and its calls, none of them answered. */
export type Act =
  | { readonly type: 'until-effect' | 'stop' | 'send' | 'reload' | 'second-tab' }
  | { readonly type: 'wait'; readonly milliseconds: number };

export interface Fault {
  readonly name: string;
  /** The answers, one after another; when they are used up the model says that all is done. */
  readonly answers: readonly (readonly Step[])[];
  /** How long a call takes (ms). @default 60 */
  readonly milliseconds?: number;
  readonly endings?: Readonly<Record<number, Ending>>;
  readonly acts?: readonly Act[];
  readonly isStrict?: boolean;
  /** How many follow-ups bring the results. @default one for each answer with calls */
  readonly followUps?: number;
  /** Calls that must not run at all: their input does not fit, or nobody has such a tool. */
  readonly mustNotRun?: readonly number[];
}

const call = (index: number, more: Partial<Extract<Step, { type: 'call' }>> = {}): Step => ({
  type: 'call',
  index,
  ...more,
});
const wait = (milliseconds: number) => ({ type: 'wait', milliseconds }) as const;
const ends = (ending: Ending): Pick<Fault, 'answers' | 'endings'> => ({
  answers: [[call(0), call(1)]],
  endings: { 0: ending },
});

export const faults: readonly Fault[] = [
  { name: 'none: two calls', answers: [[call(0), call(1)]] },
  { name: 'none: 40 calls', answers: [Array.from({ length: 40 }, (_, index) => call(index))] },
  { name: 'none: three steps', answers: [[call(0), call(1)], [call(2)], [call(3), call(4)]] },
  { name: 'a tool throws', ...ends('throws') },
  { name: 'a tool throws `undefined`', ...ends('throws-nothing') },
  { name: 'an output holds a BigInt', ...ends('big-integer') },
  { name: 'an output refers to itself', ...ends('circular') },
  { name: 'an output is a Map', ...ends('map') },
  { name: 'an output holds NaN', ...ends('not-a-number') },
  { name: 'a tool returns nothing', ...ends('nothing') },
  {
    name: 'an input that does not fit the schema',
    answers: [[call(0, { input: { index: 'zero', milliseconds: 'none' } }), call(1)]],
    mustNotRun: [0],
  },
  { name: 'a tool that nobody has', answers: [[call(0, { tool: 'invented' }), call(1)]], mustNotRun: [0] },
  { name: 'an id that the next step uses again', answers: [[call(0, { id: 'a' })], [call(1, { id: 'a' })]] },
  { name: 'one call streamed twice', answers: [[call(0, { id: 'a' }), call(0, { id: 'a' }), call(1)]] },
  { name: 'the follow-up fails with status 500', answers: [[call(0), call(1)], [{ type: 'fails' }]], followUps: 1 },
  { name: 'the follow-up is answered by an empty message', answers: [[call(0)], []], followUps: 1 },
  { name: 'the stream is cut after a call', answers: [[call(0), wait(150), { type: 'cut' }]], followUps: 0 },
  {
    name: 'the answer is cut off by the length limit',
    answers: [[call(0), wait(30), { type: 'length' }]],
    followUps: 0,
  },
  {
    name: 'Stop while a call runs',
    answers: [[call(0), call(1)]],
    milliseconds: 400,
    acts: [{ type: 'until-effect' }, { type: 'stop' }],
    followUps: 0,
  },
  {
    name: 'Stop while the answer still streams',
    answers: [[call(0), wait(600), call(1)]],
    milliseconds: 250,
    acts: [wait(300), { type: 'stop' }],
    followUps: 0,
  },
  {
    name: 'another message while calls run',
    answers: [[call(0), call(1)]],
    milliseconds: 400,
    acts: [{ type: 'until-effect' }, { type: 'send' }],
    followUps: 0,
  },
  {
    name: 'a reload while calls run',
    answers: [[call(0), call(1)]],
    milliseconds: 500,
    acts: [{ type: 'until-effect' }, wait(100), { type: 'reload' }],
    followUps: 0,
  },
  {
    name: 'the chat is opened in a second tab while calls run',
    answers: [[call(0), call(1)]],
    milliseconds: 500,
    acts: [{ type: 'until-effect' }, wait(100), { type: 'second-tab' }],
  },
  { name: 'React StrictMode', answers: [[call(0), call(1)]], isStrict: true },
];
