/**
 * Owns the faults that a person asks for: which call is to fail, to hang, to be slow or to return something else, and the chaos that a seed makes. What a call
 * suffered is on its record, so that everybody can see that it was simulated.
 */
import { systemClock } from '../core/clock.ts';
import { DEVTOOLS_NAME, type PageChat } from '../core/page-chats.ts';
import { ToolCallError } from '../core/errors.ts';
import type { ToolCallsPlugin } from '../core/plugins.ts';
import { selectToolCalls } from '../core/selectors.ts';
import type { ToolCall } from '../core/tool-call.ts';

/** How a tool fails: as its code, its network or its service would. */
export type FailureKind = 'error' | 'network' | 'unavailable' | 'rate-limited';

/** What happens in place of the tool, or before it. */
export type Fault =
  | { readonly type: 'fail'; readonly kind: FailureKind }
  /** It never answers: the policy's `timeout` ends it, or a person. */
  | { readonly type: 'hang' }
  | { readonly type: 'slow'; readonly ms: number }
  | { readonly type: 'return'; readonly value: unknown };

/** A fault for the calls of a tool (`'*'`: of any), each of them or only the next. */
export interface FaultRule {
  readonly toolName: string;
  readonly fault: Fault;
  readonly isOnce: boolean;
}

/** Random delays and failures for all tools, the same for the same seed. */
export interface Chaos {
  readonly isOn: boolean;
  readonly seed: string;
  /** How many attempts fail, from 0 to 1. */
  readonly failures: number;
  /** The longest delay in milliseconds. */
  readonly delay: number;
}

export interface FaultSettings {
  readonly rules: readonly FaultRule[];
  readonly chaos: Chaos;
  /** They are kept over reloads of this tab. */
  readonly isPinned: boolean;
}

export const NO_FAULTS: FaultSettings = {
  rules: [],
  chaos: { isOn: false, seed: '1', failures: 0.25, delay: 1500 },
  isPinned: false,
};

/** Whether anything is simulated. */
export function isSimulating({ rules, chaos }: FaultSettings): boolean {
  return rules.length > 0 || chaos.isOn;
}

/** What a person reads of a fault. */
export function describeFault(fault: Fault): string {
  switch (fault.type) {
    case 'fail':
      return FAILURES[fault.kind];
    case 'hang':
      return 'never answers';
    case 'slow':
      return `${Math.round(fault.ms)} ms slower`;
    case 'return':
      return 'returns a given value';
    default:
      return fault satisfies never;
  }
}

const FAILURES: Record<FailureKind, string> = {
  error: 'throws an error',
  network: 'loses the network',
  unavailable: 'gets HTTP 503',
  'rate-limited': 'gets HTTP 429, retry after 2 s',
};

/** What comes of a tool that fails so. */
function createFailure(kind: FailureKind): ToolCallError {
  switch (kind) {
    case 'error':
      return new ToolCallError('execution', 'Simulated: the tool threw an error');
    case 'network':
      return new ToolCallError('execution', 'Simulated: Failed to fetch', { cause: new TypeError('Failed to fetch') });
    case 'unavailable':
      return new ToolCallError('execution', 'Simulated: HTTP 503 Service Unavailable', { status: 503 });
    case 'rate-limited':
      return new ToolCallError('execution', 'Simulated: HTTP 429 Too Many Requests', { status: 429, retryAfter: 2000 });
    default:
      return kind satisfies never;
  }
}

export interface Faults {
  getSettings(): FaultSettings;
  setSettings(settings: FaultSettings): void;
  /** The faults of one attempt, in the order in which they happen. A rule for one call is used up. */
  take(toolName: string): readonly Fault[];
}

/** @param storage where pinned faults are kept; one that cannot be used keeps nothing */
export function createFaults(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined,
  onChange: () => void,
): Faults {
  let settings = load(storage);
  /** How many attempts each tool has made since the chaos began: with the seed they say what happens, whatever the order of the others. */
  let attempts = new Map<string, number>();

  function set(next: FaultSettings): void {
    const { chaos } = settings;
    if (next.chaos.seed !== chaos.seed || next.chaos.isOn !== chaos.isOn) attempts = new Map();
    settings = next;
    save(storage, next);
    onChange();
  }

  return {
    getSettings: () => settings,
    setSettings: set,
    take(toolName) {
      const { rules, chaos } = settings;
      const rule = rules.find((each) => each.toolName === toolName) ?? rules.find((each) => each.toolName === '*');
      if (rule?.isOnce) set({ ...settings, rules: rules.filter((each) => each !== rule) });
      if (!chaos.isOn) return rule === undefined ? [] : [rule.fault];
      const attempt = (attempts.get(toolName) ?? 0) + 1;
      attempts.set(toolName, attempt);
      return [...drawChaos(chaos, `${toolName}#${attempt}`), ...(rule === undefined ? [] : [rule.fault])];
    },
  };
}

const KINDS = Object.keys(FAILURES) as FailureKind[]; // SAFETY: the keys of the record above.

/** What chaos does to one attempt. */
export function drawChaos({ seed, failures, delay }: Chaos, attempt: string): Fault[] {
  const draw = createDice(`${seed}/${attempt}`);
  const faults: Fault[] = [];
  const ms = Math.round(draw() * delay);
  if (ms > 0) faults.push({ type: 'slow', ms });
  if (draw() < failures) faults.push({ type: 'fail', kind: KINDS[Math.floor(draw() * KINDS.length)] ?? 'error' });
  return faults;
}

/** Numbers from 0 up to 1 that only a text decides (FNV-1a, then mulberry32). */
function createDice(text: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Stands around the tools of a chat. What is simulated is noted on the call's record and told to `note`. */
export function simulateFaults(
  chat: PageChat,
  faults: Pick<Faults, 'take'>,
  note: (words: string) => void,
): NonNullable<ToolCallsPlugin['execute']> {
  return (call, run) => {
    const taken = faults.take(call.toolName);
    if (taken.length === 0) return run();
    const words = taken.map(describeFault).join(', ');
    chat.host.record({ simulated: words, generation: call.generation }, call.key);
    note(`${call.toolName} ${words}`);
    const runTool = () => (isStillRunning(chat, call) ? run() : undefined);
    return taken.reduceRight<() => unknown>((next, fault) => () => simulate(fault, next), runTool)();
  };
}

function simulate(fault: Fault, next: () => unknown): unknown {
  switch (fault.type) {
    case 'fail':
      return Promise.reject(createFailure(fault.kind));
    case 'hang':
      return new Promise(() => {});
    case 'slow':
      return runLater(fault.ms, next);
    case 'return':
      return fault.value;
    default:
      return fault satisfies never;
  }
}

async function runLater(ms: number, next: () => unknown): Promise<unknown> {
  await new Promise<void>((resolve) => void systemClock.setTimer(resolve, ms));
  return next();
}

/** Whether the attempt goes on: one that was cancelled while it was slow must not begin. Its message may have another id by now. */
function isStillRunning(chat: PageChat, { toolCallId, generation, attempts }: ToolCall): boolean {
  return selectToolCalls(chat.host.store.getState()).some(
    (call) =>
      call.toolCallId === toolCallId &&
      call.status === 'running' &&
      call.generation === generation &&
      call.attempts.length === attempts.length,
  );
}

/** What was simulated in a call's last run, in words. */
export function readSimulated(call: ToolCall): string | undefined {
  const facts = call.plugins?.[DEVTOOLS_NAME] as { simulated?: string; generation?: number } | undefined;
  return facts?.generation === call.generation ? facts.simulated : undefined;
}

const KEY = 'use-parallel-tools:faults';

function load(storage: Pick<Storage, 'getItem'> | undefined): FaultSettings {
  try {
    const text = storage?.getItem(KEY);
    return text ? { ...NO_FAULTS, ...(JSON.parse(text) as FaultSettings) } : NO_FAULTS;
  } catch {
    return NO_FAULTS;
  }
}

function save(storage: Pick<Storage, 'setItem' | 'removeItem'> | undefined, settings: FaultSettings): void {
  try {
    if (settings.isPinned) storage?.setItem(KEY, JSON.stringify(settings));
    else storage?.removeItem(KEY);
  } catch {
    // A storage that is full or forbidden keeps nothing.
  }
}
