// Owns: what may happen to tabs that share a chat, step by step, and the rules that hold whatever happens.
import type { UIMessage } from 'ai';
import type { TaskSource } from './tabs-browser.ts';
import { TabsWorld, type ChatInTab, type Execution, type ModelRequest } from './tabs-world.ts';

export type TabsStep =
  | 'send'
  | 'model'
  | 'tool'
  | 'fail'
  | 'command'
  | 'open'
  | 'reload'
  | 'crash'
  | 'freeze'
  | 'sleep'
  | 'wake'
  | 'take'
  | 'usurp'
  | 'disk'
  | 'wait'
  | 'settle';

/** In which order a page that wakes may hear of what came meanwhile. */
const ORDERS: readonly (readonly TaskSource[])[] = [
  ['work', 'channel', 'lock'],
  ['lock', 'channel', 'work'],
  ['channel', 'work', 'lock'],
];

/** What the model calls in an answer. */
const ANSWERS = [
  ['write'],
  ['read', 'read'],
  ['read', 'write'],
  ['single', 'single', 'single'],
  ['refund', 'write'],
  ['form', 'single'],
  ['eager', 'read'],
  [],
] as const;
const COMMANDS = ['approve', 'run', 'retry', 'cancel', 'skip', 'deny', 'respond', 'approve', 'run'] as const;
const WRITES = ['write', 'eager', 'single', 'refund'];

export class TabsWalk {
  readonly world: TabsWorld;
  /** How often a person wanted a call to run that may have run. */
  readonly #words = new Map<string, number>();
  /** How often a page ended before it had kept what was sent: the next one, if it has no journal or cannot read it, sends that again. */
  readonly #unkept = new Map<string, number>();
  #isAlwaysKnown: boolean;
  /** A page that slept may lead before it hears what the one before it did. */
  #hasSlept = false;
  /** What the model has answered to a request so far: that it began, and that it ended. */
  readonly #begun = new Set<ModelRequest>();
  readonly #finished = new Set<unknown>();
  #calls = 0;
  #endProblems: string[] = [];

  constructor(options: { hasJournal: boolean }) {
    this.#isAlwaysKnown = options.hasJournal;
    this.world = new TabsWorld(options);
  }

  async begin(): Promise<void> {
    this.world.open();
    await this.world.settle();
  }

  async take(name: TabsStep, pick: number): Promise<void> {
    const { world } = this;
    this.#hasSlept ||= name === 'freeze' || name === 'sleep' || name === 'usurp';
    const awake = choose(world.awake, pick);
    const any = choose(world.tabs, pick);
    switch (name) {
      case 'send':
        if (awake !== undefined) void this.#send(awake);
        return;
      case 'model':
        return this.#answer(choose(this.#open(), pick), pick);
      case 'tool':
      case 'fail':
        return this.#finishTool(pick, name === 'fail');
      case 'command':
        return this.#command(awake, pick);
      case 'open':
        if (world.tabs.length < 3) world.open();
        return;
      case 'reload':
        if (awake === undefined) return;
        this.#noteUnkept();
        world.close(awake);
        world.open();
        return;
      case 'crash':
        this.#noteUnkept();
        if (any !== undefined) world.crash(any);
        if (world.tabs.length === 0) world.open();
        return;
      case 'freeze':
        awake?.tab.window.dispatchEvent(new Event('freeze'));
        return awake?.tab.sleep();
      case 'sleep':
        return awake?.tab.sleep();
      case 'wake':
        return this.#wake(
          choose(
            world.tabs.filter(({ tab }) => !tab.isAwake),
            pick,
          ),
          ORDERS[pick % ORDERS.length],
        );
      case 'take':
        return awake?.takeOver();
      case 'usurp':
        return this.#usurp(pick);
      case 'disk':
        world.isDiskBroken = pick < 3 && !world.isDiskBroken;
        this.#isAlwaysKnown &&= !world.isDiskBroken;
        return;
      case 'wait':
        return world.pass([25, 100, 400, 1_200][pick % 4]!);
      case 'settle':
        return world.settle();
      default:
        return name satisfies never;
    }
  }

  /** Everything wakes and comes to its end. */
  async end(): Promise<void> {
    const { world } = this;
    world.isDiskBroken = false;
    for (const each of world.tabs) this.#wake(each);
    await world.pass(1_500);
    for (let round = 0; round < 12 && this.#goOn(); round++) await world.pass(300);
    await world.pass(4_500);
    const leaders = world.tabs.filter(({ role }) => role() === 'leading');
    if (leaders.length !== 1) this.#endProblems.push(`${leaders.length} tabs lead`);
    const shown = new Set(world.tabs.map(({ messages }) => JSON.stringify(messages())));
    if (shown.size > 1) this.#endProblems.push(`tabs show different messages: ${[...shown].join('\n')}`);
    const open = leaders.flatMap(({ calls }) => calls().filter(({ status }) => OPEN.has(status)));
    if (open.length > 0) this.#endProblems.push(`calls are open: ${open.map(({ key, status }) => `${key} ${status}`)}`);
  }

  problems(): string[] {
    const { world } = this;
    const runs = Map.groupBy(
      world.executions.filter(({ tool }) => WRITES.includes(tool)),
      ({ id }) => id,
    );
    const twice = [...runs].filter(([id, each]) => each.length > 1 + this.#wordsFor([id]));
    const sent = Map.groupBy(
      world.requests.flatMap(({ messages }) => followedUp(messages)),
      ({ step }) => step,
    );
    const sentTwice = [...sent].filter(([, each]) => each.length > this.#timesFor(each[0]!));
    const shown = JSON.stringify(world.leader?.messages());
    const isKnown = ({ followers }: Execution) => !this.#hasSlept && followers.some((tab) => !tab.isDead);
    const forgotten = [...runs].filter(([id, each]) => each.some(isKnown) && !shown.includes(`"${id}"`));
    const keys = new Map<string, Set<string>>();
    for (const { id, idempotencyKey } of world.executions)
      keys.set(id, (keys.get(id) ?? new Set()).add(idempotencyKey));
    return [
      ...twice.map(([id, each]) => `${id} ran ${each.length} times`),
      ...forgotten.map(([id]) => `${id} ran, and no message has it`),
      ...sentTwice.map(([step, each]) => `${step} was sent ${each.length} times`),
      ...[...keys].filter(([, each]) => each.size > 1).map(([id]) => `${id} had several idempotency keys`),
      ...this.#endProblems,
    ];
  }

  async #send({ chat }: ChatInTab): Promise<void> {
    try {
      await chat.functions.sendMessage({ text: 'Go' });
    } catch {
      // The person is told; the world counts that.
    }
  }

  #open(): ModelRequest[] {
    return this.world.requests.filter(({ isOver, tab }) => !isOver && !tab.isDead);
  }

  #answer(request: ModelRequest | undefined, pick: number): void {
    if (request === undefined) return;
    if (this.#begun.has(request)) return request.finish();
    this.#begun.add(request);
    const last = request.messages.at(-1)!;
    const calls = last.role === 'user' ? ANSWERS[pick % ANSWERS.length]! : [];
    request.start(last.role === 'user' ? `m${this.world.requests.indexOf(request)}` : last.id);
    for (const tool of calls) request.call(`${tool}-${++this.#calls}`, tool);
    if (calls.length === 0) request.text('Well.');
    if (pick % 3 > 0) request.finish(calls.length === 0 ? 'stop' : 'tool-calls');
  }

  #finishTool(pick: number, isFailure: boolean): void {
    const execution = choose(
      this.world.executions.filter((each) => !this.#finished.has(each)),
      pick,
    );
    if (execution === undefined) return;
    this.#finished.add(execution);
    if (isFailure) execution.done.reject(new Error('no'));
    else execution.done.resolve(`${execution.id} is done`);
  }

  #command(tab: ChatInTab | undefined, pick: number): void {
    const call = choose(tab?.calls() ?? [], pick);
    if (tab === undefined || call === undefined) return;
    const name = COMMANDS[pick % COMMANDS.length]!;
    if (name === 'run' || name === 'retry') this.#noteWord(call.toolCallId);
    tab.chat.bridge.toolCalls[name](call.key, 'Blue');
  }

  #wordsFor(ids: readonly string[]): number {
    return ids.reduce((sum, id) => sum + (this.#words.get(id) ?? 0), 0);
  }

  #timesFor({ step, calls }: Step): number {
    const unkept = this.#isAlwaysKnown ? 0 : (this.#unkept.get(step) ?? 0);
    return 1 + this.#wordsFor(calls) + unkept;
  }

  #noteUnkept(): void {
    const isOpen = ({ parts }: UIMessage) =>
      parts.some((part) => 'toolCallId' in part && !part.state.startsWith('output'));
    for (const { step } of this.world.saved.filter(isOpen).flatMap((message) => followedUp([message])))
      this.#unkept.set(step, (this.#unkept.get(step) ?? 0) + 1);
  }

  #noteWord(id: string): void {
    this.#words.set(id, (this.#words.get(id) ?? 0) + 1);
  }

  /** A person takes the chat from a tab that sleeps, and has not been told. */
  async #usurp(pick: number): Promise<void> {
    const { leader, followers } = this.world;
    const follower = choose(followers, pick);
    if (leader === undefined || follower === undefined) return;
    leader.tab.sleep();
    follower.takeOver();
    await this.world.pass(1_200);
    // What it waited for may have come meanwhile.
    for (let count = pick % 4; count > 0; count--) this.#finishTool(0, false);
    await this.world.settle(2);
    if (pick % 2 > 0) this.#wake(leader, ORDERS[pick % ORDERS.length]);
  }

  #wake(each: ChatInTab | undefined, order?: readonly TaskSource[]): void {
    if (each === undefined) return;
    each.tab.wake(order);
    each.tab.deliver(() => each.tab.window.dispatchEvent(new Event('resume')));
  }

  /** A person, the tools and the model bring everything to its end. Gives whether there was anything to do. */
  #goOn(): boolean {
    const { world } = this;
    let isBusy = false;
    for (const execution of world.executions.filter((each) => !this.#finished.has(each))) {
      isBusy = true;
      this.#finished.add(execution);
      execution.done.resolve('at last');
    }
    for (const request of this.#open()) {
      isBusy = true;
      if (!this.#begun.has(request)) this.#answer(request, 5);
      if (!request.isOver) request.finish('stop');
    }
    for (const { key, status } of world.leader?.calls() ?? []) {
      if (!OPEN.has(status)) continue;
      isBusy = true;
      const { toolCalls } = world.leader!.chat.bridge;
      if (status === 'awaiting-approval') toolCalls.deny(key);
      else toolCalls.skip(key);
    }
    return isBusy;
  }
}

const OPEN: ReadonlySet<string> = new Set([
  'queued',
  'running',
  'retrying',
  'awaiting-approval',
  'awaiting-input',
  'interrupted',
]);

function choose<TItem>(items: readonly TItem[], pick: number): TItem | undefined {
  return items[pick % Math.max(1, items.length)];
}

interface Step {
  readonly step: string;
  readonly calls: string[];
}

/** The step whose results a request carries, if it is a follow-up, and its calls. */
function followedUp(messages: readonly UIMessage[]): Step[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [];
  const starts = last.parts.flatMap((part, index) => (part.type === 'step-start' ? [index] : []));
  const calls = last.parts.slice(starts.at(-1) ?? 0).flatMap((part) => ('toolCallId' in part ? part.toolCallId : []));
  return [{ step: `${last.id}/${starts.length - 1}`, calls }];
}
