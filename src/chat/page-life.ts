/** Owns the life of the page beside a chat: mounted, hidden and shown again, left, and kept by the browser. */
import { mayAct } from '../core/ask-plugins.ts';
import type { CancelTimer } from '../core/clock.ts';
import type { ToolCalls } from '../core/tool-calls.ts';
import { movePhase, type ChatContext, type ChatState } from './chat-context.ts';
import { leaveChat } from './close-batches.ts';
import { isActive } from './look.ts';
import { connectPlugins } from './plugin-host.ts';

/** Gives the function that mounts the bridge; that gives what unmounts it. `onTools` hears that tools have come or gone. */
export function createMount(context: ChatContext, commands: ToolCalls, onTools: () => void): () => () => void {
  const { handle, state, runner } = context;
  const cancelFrame = lookAfterEvents(context);
  let stopWatching: (() => void) | undefined;
  let disconnect: (() => void) | undefined;
  let stageToReturnTo: ChatState['stage'] = 'mounted';

  function dispose(): void {
    stopWatching?.();
    stopWatching = undefined;
    stageToReturnTo = 'mounted';
    cancelFrame();
    leaveChat(context, context.ownsChat);
    disconnect?.();
    disconnect = undefined;
  }

  return function mount() {
    state.stage = stageToReturnTo;
    isActive(context);
    disconnect ??= connectPlugins(context, commands);
    stopWatching ??= watchAll([handle.subscribe?.(context.schedule), runner.watchTools(onTools), watchPage(context)]);
    runner.noteTools();
    context.schedule();
    return () => {
      stageToReturnTo = state.stage;
      state.stage = 'left';
      // StrictMode cleans up and sets up again in the same task; only a cleanup that stays is an unmount.
      queueMicrotask(() => {
        if (state.stage === 'left') dispose();
      });
    };
  };
}

function watchAll(stops: readonly ((() => void) | undefined)[]): () => void {
  return () => stops.forEach((stop) => stop?.());
}

/** Looks again after what happens to calls. Gives what cancels a look that waits for the next frame. */
function lookAfterEvents({ runner, clock, state, schedule: lookSoon }: ChatContext): () => void {
  let cancelFrame: CancelTimer | undefined;
  runner.subscribe(({ type, batchKey }) => {
    // While its siblings run, a result can wait for others: each writing costs the page a render of its messages.
    if (type === 'call-overruled') state.isYielding = true;
    if (state.isYielding || (type === 'call-succeeded' && !runner.isFinished(batchKey))) {
      cancelFrame ??= clock.setFrame(() => {
        cancelFrame = undefined;
        state.isYielding = false;
        lookSoon();
      });
    } else if (type.startsWith('call-') || type.startsWith('approval-')) lookSoon();
  });
  return () => {
    cancelFrame?.();
    cancelFrame = undefined;
    state.isYielding = false;
  };
}

/** How long after a failure a page that is about to be left has to go (ms). */
const LAST_MOMENTS = 1_000;

/**
 * A browser that reloads or leaves a page ends its fetches while scripts still run: each tool at work fails, and the dying page would
 * start others in the room that they leave, and tell the model of failures that the next page load does not know. Chromium may end them
 * before `pagehide`; after `beforeunload` a failure may be that, or the user has stayed.
 */
function watchPage(context: ChatContext): () => void {
  const { window } = globalThis;
  const change = (isLeaving: boolean) => {
    movePhase(context, { type: isLeaving ? 'leave' : 'come-back' });
    context.runner.setSuspended(isLeaving || context.state.stage !== 'running' || !mayAct(context.plugins));
    context.schedule();
  };
  let isUnsure = false;
  let cancelReturn: CancelTimer | undefined;
  const leave = () => {
    cancelReturn?.();
    change(true);
  };
  const comeBack = () => {
    isUnsure = false;
    cancelReturn?.();
    change(false);
  };
  const mayLeave = () => void (isUnsure = true);
  const stopListening = context.runner.subscribe(({ type }) => {
    if (!isUnsure || (type !== 'call-failed' && type !== 'attempt-failed')) return;
    leave();
    cancelReturn = context.clock.setTimer(comeBack, LAST_MOMENTS);
  });
  window?.addEventListener('beforeunload', mayLeave);
  window?.addEventListener('pagehide', leave);
  window?.addEventListener('pageshow', comeBack);
  return () => {
    stopListening();
    cancelReturn?.();
    window?.removeEventListener('beforeunload', mayLeave);
    window?.removeEventListener('pagehide', leave);
    window?.removeEventListener('pageshow', comeBack);
  };
}
