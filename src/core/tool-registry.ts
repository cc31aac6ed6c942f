/**
 * Owns the tools that come and go while a page lives: which are there, the latest of each, and which were there before. It runs nothing: a runner
 * asks it for its tools whenever a call begins.
 */
import type { ToolSet } from 'ai';
import { warnOf } from './misuse.ts';
import { expectTool } from './tool.ts';

/** One tool of a registry, for as long as somebody offers it. */
export interface ToolRegistration {
  /** The tool as it is now, and what renders its calls. What runs from now on are its functions, for calls that wait already too. @throws TypeError for what is no tool */
  update(tool: ToolSet[string], render?: unknown): void;
  /** Offers the tool. Returns the function that takes it back. @throws TypeError for a policy that makes no sense beside the other tools */
  mount(): () => void;
}

/** Tools that come and go. One serves a chat, or several. */
export interface ToolRegistry {
  /** A tool to be offered under a name. Nothing is offered before `mount()`. */
  register(toolName: string, tool: ToolSet[string], render?: unknown): ToolRegistration;
  /** The tools that are there now: the same object until one of them changes. Of two with one name, that which came last. */
  getTools(): ToolSet;
  /** Whether a tool of that name has been there, and is there no more. */
  wasThere(toolName: string): boolean;
  /** Whether a tool came from here, and has gone. */
  hasGone(tool: object): boolean;
  /** What renders the calls of a tool: of the one that is there, or that was there last. */
  getRender(toolName: string): unknown;
  /** Tells those who listen that there may be other tools now. */
  notify(): void;
  /** Calls `listener` when a tool has come or gone, and when what renders it changes. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void;
}

interface Entry {
  readonly toolName: string;
  /** As given last. */
  tool: ToolSet[string];
  /** What calls hold: its functions are always the latest. */
  view: ToolSet[string];
  render: unknown;
  isMounted: boolean;
}

/** Makes a registry without tools. Give it to `useParallelTools` or `useChatTools`, and to `useClientTool` outside of their provider. */
export function createToolRegistry(): ToolRegistry {
  /** In the order in which they came. */
  const mounted = new Set<Entry>();
  const last = new Map<string, Entry>();
  const owners = new WeakMap<object, Entry>();
  const listeners = new Set<() => void>();
  let tools: ToolSet | undefined;

  function tell(): void {
    for (const listener of listeners) listener();
  }

  /** Whoever listens may find that the tool makes no sense beside the others. */
  function tellOrUndo(undo: () => void): void {
    try {
      tell();
    } catch (error) {
      undo();
      throw error;
    }
  }

  function view(entry: Entry): void {
    entry.view = viewOf(entry);
    owners.set(entry.view, entry);
    if (entry.isMounted) tools = undefined;
  }

  return {
    register(toolName, tool, render) {
      expectTool(`tool \`${toolName}\``, tool);
      const entry: Entry = { toolName, tool, view: tool, render, isMounted: false };
      view(entry);
      return {
        update(next, nextRender) {
          if (next !== entry.tool) expectTool(`tool \`${toolName}\``, next);
          const { tool: before, render: drawnBefore } = entry;
          entry.tool = next;
          entry.render = nextRender;
          const changed = listChanged(before, next);
          if (changed.length > 0) view(entry);
          if (!entry.isMounted || (nextRender === drawnBefore && changed.every((field) => SCHEMAS.test(field)))) return;
          tellOrUndo(() => {
            entry.tool = before;
            view(entry);
          });
        },
        mount() {
          const isTaken = [...mounted].some((other) => other.toolName === toolName);
          if (isTaken) warnOf('two-tools', [toolName]);
          entry.isMounted = true;
          mounted.add(entry);
          last.set(toolName, entry);
          tools = undefined;
          const unmount = () => {
            entry.isMounted = false;
            mounted.delete(entry);
            const older = [...mounted].findLast((other) => other.toolName === toolName);
            if (older !== undefined) last.set(toolName, older);
            tools = undefined;
            // A component that React mounts again at once has not gone.
            queueMicrotask(tell);
          };
          tellOrUndo(unmount);
          return unmount;
        },
      };
    },
    getTools: () => (tools ??= Object.fromEntries([...mounted].map((entry) => [entry.toolName, entry.view]))),
    wasThere: (toolName) => last.get(toolName)?.isMounted === false,
    hasGone: (tool) => owners.get(tool)?.isMounted === false,
    getRender: (toolName) => last.get(toolName)?.render,
    notify: tell,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Whether two sets say the same to those who choose among their tools. A page may make its tools anew with each render, and their schemas with them. */
export function isSameOffer(before: ToolSet, now: ToolSet): boolean {
  const names = Object.keys(now);
  const isSame = (toolName: string) =>
    Object.hasOwn(before, toolName) && before[toolName]?.description === now[toolName]?.description;
  return before === now || (names.length === Object.keys(before).length && names.every(isSame));
}

/** Fields that may be functions, and are schemas. */
const SCHEMAS = /^(in|out)putSchema$/;

/** The tool with functions that call those of the latest one. */
function viewOf(entry: Entry): ToolSet[string] {
  const latest = (field: string, first: unknown) => {
    return (...given: unknown[]): unknown => {
      const now: unknown = Reflect.get(entry.tool, field);
      // SAFETY: the arguments go through as they came.
      return Reflect.apply((typeof now === 'function' ? now : first) as () => unknown, entry.tool, given);
    };
  };
  return Object.fromEntries(
    Object.entries(entry.tool).map(([field, value]) => [
      field,
      typeof value === 'function' && !SCHEMAS.test(field) ? latest(field, value) : value,
    ]),
    // SAFETY: the same fields, each of the same type.
  ) as ToolSet[string];
}

/** The fields in which two versions of a tool differ, but for functions, which differ with every render. */
function listChanged(before: object, now: object): string[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...fields].filter((field) => {
    const [left, right]: unknown[] = [Reflect.get(before, field), Reflect.get(now, field)];
    const areFunctions = typeof left === 'function' && typeof right === 'function' && !SCHEMAS.test(field);
    return !areFunctions && !Object.is(left, right);
  });
}
