/** Owns the decorator that shows a story among tool calls in a state of a name. It knows Storybook by the shape of what it is given alone. */
import type { ComponentType, ReactElement } from 'react';
import type { ToolBatch } from '../core/tool-call.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { ToolCallsProvider } from '../react/tool-calls-context.ts';
import { createToolCalls, type FixtureCommands } from './call-fixtures.ts';
import { createToolCallState, type ToolCallStateName } from './tool-call-states.ts';

/** What a story is shown among: a state by its name, a batch of your own, or the calls of a chat. */
export type StoryToolCalls = ToolCallStateName | ToolBatch | ToolCalls;

export interface WithToolCallsOptions {
  /** What the buttons do, such as `fn()` of Storybook. @default nothing */
  commands?: Partial<FixtureCommands> | undefined;
  /** Arguments of the story that come from the batch: `(batch) => ({ batch })`. @default none */
  args?: ((batch: ToolBatch) => object) | undefined;
}

/** The part of a story's context that the decorator reads. */
export interface StoryContext {
  readonly id: string;
  readonly args: object;
  readonly parameters: { readonly [name: string]: unknown };
}

export type ToolCallsDecorator = (Story: ComponentType<{ args?: never }>, context: StoryContext) => ReactElement;

/**
 * A decorator of Storybook: `decorators: [withToolCalls('one-failed')]`. A story shows another state with `parameters: { toolCalls: 'running' }`.
 */
export function withToolCalls(
  shown: StoryToolCalls = 'finished',
  { commands, args }: WithToolCallsOptions = {},
): ToolCallsDecorator {
  /** A story is rendered often, and keeps its calls. */
  const known = new Map<string, { readonly shown: StoryToolCalls; readonly toolCalls: ToolCalls }>();

  return (Story, context) => {
    const { id, parameters } = context;
    // SAFETY: what the story's author wrote there; what is none of these is said by `createToolCallState`.
    const wanted = (parameters['toolCalls'] as StoryToolCalls | undefined) ?? shown;
    const before = known.get(id);
    const toolCalls = before?.shown === wanted ? before.toolCalls : createStoryToolCalls(wanted, commands);
    known.set(id, { shown: wanted, toolCalls });
    const batch = Object.values(toolCalls.store.getState().batches).at(-1);
    // SAFETY: arguments of the story, of which only its author knows the types.
    const more =
      args === undefined || batch === undefined ? {} : { args: { ...context.args, ...args(batch) } as never };
    return (
      <ToolCallsProvider value={toolCalls}>
        <Story {...more} />
      </ToolCallsProvider>
    );
  };
}

function createStoryToolCalls(shown: StoryToolCalls, commands: Partial<FixtureCommands> | undefined): ToolCalls {
  if (typeof shown === 'object' && 'store' in shown) return shown;
  return createToolCalls(typeof shown === 'object' ? shown : createToolCallState(shown), commands);
}
