/** Owns how a page leaves its chat: it is unmounted, or stands down for another page that acts from now on. */
import { batchesOf, movePhase, settleQuietly, type ChatContext } from './chat-context.ts';
import { closeStreaming, drop, dropUnmounted } from './close-batches.ts';

/** Aborts what runs, and what streams unless the chat is somebody else's, which tells of its end. */
export function leaveChat(context: ChatContext, stopsStream: boolean): void {
  const { runner, handle } = context;
  context.state.isLate = true;
  runner.setSuspended(true);
  if (stopsStream) {
    closeStreaming(context, 'stopped', 'unmount');
    movePhase(context, { type: 'give-up' });
  }
  runner.abort('unmount');
  dropUnmounted(context, ({ halt }) => halt === undefined);
  if (stopsStream) void settleQuietly(handle.stop());
}

/** Leaves the chat to another page, and forgets all that is known of it: if this page acts again, it begins as after a reload. */
export function standDown(context: ChatContext): void {
  const { state, recollections, answers, asked, waiting } = context;
  leaveChat(context, true);
  for (const batch of Object.values(batchesOf(context))) drop(context, batch);
  for (const known of [recollections, answers, asked]) known.clear();
  if (state.stage === 'running') state.stage = 'mounted';
  // What waits to be sent is the other page's to send.
  for (const send of waiting.messages.splice(0)) send();
}
