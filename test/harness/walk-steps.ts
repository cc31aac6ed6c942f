// Owns: what can happen in a random walk, and how often; which situations it has is said by features.
import * as fc from 'fast-check';
import { isAiSdk6 } from './sdk-version.ts';
import type { WalkWay } from './walk-page.ts';
import { WalkWorld, type WalkSetup } from './walk-world.ts';

/** Situations that servers and pages bring about, beside what every walk has. */
export const FEATURES = [
  'server-answers',
  'server-denies',
  'lone-denials',
  'server-asks',
  'asks-late',
  'new-ids',
  'second-start',
  'no-steps',
  'hide',
  'early-send',
  'late-tools',
  'page-answers',
  'replaced-ids',
  'orphans',
  'wait',
  'joined',
  'plugins',
  'helpers',
] as const;
export type Feature = (typeof FEATURES)[number];

interface StepKind {
  readonly weight: number;
  readonly feature?: Feature;
  /** It comes when the page has seen what came before; `around`: and what comes next waits until it has seen this. */
  readonly calm?: 'before' | 'around';
  act(world: WalkWorld, pick: number): void;
}

const STEPS: Readonly<Record<string, StepKind>> = {
  send: { weight: 4, act: (world) => world.send() },
  call: { weight: 10, act: ({ server }, pick) => server.call(pick) },
  text: { weight: 2, act: ({ server }) => server.text() },
  finish: { weight: 8, act: ({ server }) => server.finish('tool-calls') },
  'finish with length': { weight: 1, act: ({ server }) => server.finish('length') },
  close: { weight: 1, act: ({ server }) => server.close() },
  error: { weight: 1, act: ({ server }) => server.error() },
  lose: { weight: 2, act: ({ server }) => server.lose() },
  // The SDK would resume beside a request that is on its way; a page that resumes has seen the chat idle.
  resume: { weight: 3, calm: 'before', act: (world) => world.resume() },
  'refuse next': { weight: 1, act: ({ server }) => server.refuseNext() },
  succeed: { weight: 10, act: (world, pick) => world.settle(pick, true) },
  fail: { weight: 4, act: (world, pick) => world.settle(pick, false) },
  yes: { weight: 6, act: (world, pick) => world.answer(pick, true) },
  no: { weight: 2, act: (world, pick) => world.answer(pick, false) },
  retry: { weight: 4, act: (world, pick) => world.retry(pick) },
  cancel: { weight: 2, act: (world, pick) => world.cancel(pick) },
  'cancel all': { weight: 1, act: (world) => world.cancelAll() },
  stop: { weight: 2, act: (world) => world.stop() },
  regenerate: { weight: 1, act: (world) => world.regenerate() },
  resend: { weight: 1, act: (world) => world.resend() },
  reload: { weight: 1, calm: 'around', act: (world, pick) => world.reload(pick % 2 === 0) },
  remount: { weight: 1, act: (world) => world.remount() },
  'draw a frame': { weight: 3, act: (world) => world.drawFrame() },
  // Version 6 does not know the chunks.
  ...(!isAiSdk6 && {
    'reset step': { weight: 1, act: ({ server }: WalkWorld) => server.resetStep() },
    deny: { weight: 6, feature: 'server-denies', act: ({ server }: WalkWorld, pick: number) => server.denies(pick) },
  }),
  'deny alone': { weight: 6, feature: 'lone-denials', act: ({ server }, pick) => server.deniesAlone(pick) },
  'answer as server': { weight: 6, feature: 'server-answers', act: (world, pick) => world.serverAnswers(pick) },
  'go on as server': { weight: 3, feature: 'server-answers', act: ({ server }) => server.goesOn() },
  ask: { weight: 6, feature: 'server-asks', act: ({ server }, pick) => server.asks(pick, false) },
  'ask late': { weight: 6, feature: 'asks-late', act: ({ server }, pick) => server.asks(pick, true) },
  'next id': { weight: 3, feature: 'new-ids', act: ({ server }, pick) => server.nextId(pick) },
  'start again': { weight: 4, feature: 'second-start', act: ({ server }, pick) => server.startsAgain(pick) },
  'next without steps': { weight: 3, feature: 'no-steps', act: ({ server }) => server.nextWithoutSteps() },
  hide: { weight: 3, feature: 'hide', act: (world) => world.hide() },
  show: { weight: 6, feature: 'hide', act: (world) => world.mount() },
  mount: { weight: 6, feature: 'early-send', act: (world) => world.mount() },
  'tools come': { weight: 3, feature: 'late-tools', act: (world) => world.toolsCome() },
  'answer as page': { weight: 5, feature: 'page-answers', act: (world, pick) => world.pageAnswers(pick) },
  'approve as page': { weight: 3, feature: 'page-answers', act: (world, pick) => world.pageApproves(pick) },
  'replace ids': { weight: 4, feature: 'replaced-ids', act: (world, pick) => world.replaceIds(pick) },
  'plugin holds': {
    weight: 3,
    feature: 'plugins',
    calm: 'before',
    act: ({ plugin }) => void (plugin.isHolding = true),
  },
  'plugin is late': { weight: 3, feature: 'plugins', act: ({ plugin }) => void (plugin.isLate = true) },
  'plugin fails': { weight: 2, feature: 'plugins', act: ({ plugin }) => void (plugin.isFaulty = true) },
  'plugin lets go': { weight: 4, feature: 'plugins', act: ({ plugin }) => plugin.letGo() },
  'join again': { weight: 2, feature: 'joined', calm: 'around', act: (world) => world.joinAgain() },
};

const loadedCall = fc.record({
  tool: fc.nat(20),
  state: fc.constantFrom('input-available', 'input-streaming', 'approval-requested', 'output-available'),
  isOlder: fc.boolean(),
});

const step = fc.record({
  name: fc.oneof(...Object.entries(STEPS).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) }))),
  pick: fc.nat(100),
  settles: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});

export interface Walk {
  readonly features: readonly Feature[];
  readonly setup: WalkSetup;
  /** `settles`: what is ready happens before the next step; else both happen in one turn. */
  readonly steps: readonly { readonly name: string; readonly pick: number; readonly settles: boolean }[];
}

/** Walks that have some of these features each, so that every two of them meet, and none hides another. */
export function walksWith(features: readonly Feature[]): fc.Arbitrary<Walk> {
  const drawn = fc.record({
    features: fc.subarray([...features]),
    way: fc.constantFrom<WalkWay>('own', 'chat', 'helpers'),
    waits: fc.boolean(),
    isEarly: fc.boolean(),
    isLate: fc.boolean(),
    history: fc.array(loadedCall, { maxLength: 4 }),
    steps: fc.array(step, { minLength: 4, maxLength: 32 }),
  });
  return drawn.map(({ features, way, waits, isEarly, isLate, history, steps }) => {
    const has = (feature: Feature) => features.includes(feature);
    const isPossible = way === 'own' || has(way === 'chat' ? 'joined' : 'helpers');
    const setup: WalkSetup = {
      way: isPossible ? way : 'own',
      waits: waits && has('wait'),
      isEarly: isEarly && has('early-send'),
      isLate: isLate && has('late-tools'),
      history: has('orphans') ? history : [],
    };
    const fits = ({ name }: { name: string }) => STEPS[name]!.feature === undefined || has(STEPS[name]!.feature);
    return { features, setup, steps: steps.filter(fits) };
  });
}

/** Walks it to its end. Gives what was wrong. */
export async function go({ setup, steps }: Walk): Promise<readonly string[]> {
  const world = new WalkWorld(setup);
  world.send();
  await world.look();
  for (const { name, pick, settles } of steps) {
    const { calm, act } = STEPS[name]!;
    // Without chunks to look at, the page knows of a second beginning only if it saw that before the server took back what stood before it.
    const isUnheard = name === 'reset step' && setup.way === 'helpers';
    if (calm !== undefined || isUnheard) await world.look();
    act(world, pick);
    if (settles || calm === 'around') await world.look();
  }
  await world.end();
  return world.rules.problems;
}
