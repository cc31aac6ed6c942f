// Owns: turns of recorded provider responses. They stand beside the project and are read where they are; nothing of them is kept.
import { createRecordedModel } from '../../test/conformance/recorded-model.ts';
import { readRecordings, type Recording } from '../../test/conformance/recordings.ts';
import type { Piece } from '../order.ts';
import { callWork, drawLatencies, pace, type ProviderEvent, type Turn } from './turn.ts';

/** So many turns, from the first provider of the list to the last; `undefined` without the recordings. */
export async function readRecordedTurns(count: number): Promise<Turn[] | undefined> {
  const streamed = readRecordings()?.filter(({ kind }) => kind === 'sse');
  if (streamed === undefined) return undefined;
  const chosen = Array.from(
    { length: count },
    (_, index) => streamed[Math.floor(((index + 0.5) / count) * streamed.length)]!,
  );
  return Promise.all(chosen.map(toTurn));
}

async function toTurn(recording: Recording, index: number): Promise<Turn> {
  const { id: name, response, followUp, calls } = recording;
  const latencies = drawLatencies(calls.length, index + 1);
  const answer = pace(await decode(recording, response));
  const text = pace(await decode({ ...recording, kind: followUp.responseKind }, followUp.response));
  const script = { calls: callWork(answer, latencies), text: text.filter(({ type }) => type === 'text') };
  return { name, set: 'recorded', latencies, script };
}

/** What the provider's own package makes of a body, event by event. */
async function decode(recording: Recording, body: string): Promise<ProviderEvent[]> {
  const events: { pieces: Piece[]; hiddenCharacters: number }[] = [];
  const { model } = createRecordedModel(recording, [body], () => events.push({ pieces: [], hiddenCharacters: 0 }));
  const { stream } = await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: '' }] }] });
  const ids: string[] = [];
  for await (const part of stream as unknown as AsyncIterable<StreamPart>) {
    const event = events.at(-1)!;
    if (part.type === 'reasoning-delta') event.hiddenCharacters += part.delta.length;
    if (part.type === 'text-delta') event.pieces.push({ type: 'text', delta: part.delta });
    if (part.type === 'tool-input-start') {
      const index = ids.push(part.id) - 1;
      event.pieces.push({ type: 'call-start', index });
    }
    if (part.type === 'tool-input-delta' && part.delta !== '') {
      event.pieces.push({ type: 'call-delta', index: ids.indexOf(part.id), delta: part.delta });
    }
    if (part.type !== 'tool-call') continue;
    const index = ids.indexOf(part.toolCallId);
    event.pieces.push({ type: 'call-end', index, input: { index, milliseconds: 0 } });
  }
  return events;
}

type StreamPart =
  | {
      readonly type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta';
      readonly id: string;
      readonly delta: string;
    }
  | { readonly type: 'tool-input-start'; readonly id: string }
  | { readonly type: 'tool-call'; readonly toolCallId: string };
