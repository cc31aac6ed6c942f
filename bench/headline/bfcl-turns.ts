// Owns: turns of the Berkeley Function Calling Leaderboard's parallel prompts: its batches, as a model would stream them. The answers in words are the
// recordings'. The file stands beside the project and is read where it is.
import { existsSync, readFileSync } from 'node:fs';
import type { Piece } from '../order.ts';
import { callWork, drawLatencies, pace, type ProviderEvent, type Turn } from './turn.ts';

interface Case {
  readonly id: string;
  readonly expectedCalls: readonly { readonly name: string; readonly args: unknown }[];
}

/** What a model writes at once (characters). */
const PIECE = 4;

/**
 * So many turns, at the quantiles of the number of calls; `undefined` without the file. In every second one the calls come one by one, as Anthropic,
 * Google and OpenAI's responses have them; in the others all are complete at the end, which is how the AI SDK reads chat completions.
 */
export function readBfclTurns(count: number, answers: readonly Turn[]): Turn[] | undefined {
  const path = process.env['BFCL'] ?? new URL('../../../shared/bfcl/cases.json', import.meta.url);
  if (!existsSync(path)) return undefined;
  const cases: Case[] = JSON.parse(readFileSync(path, 'utf8'));
  const sorted = cases.sort((left, right) => left.expectedCalls.length - right.expectedCalls.length);
  return Array.from({ length: count }, (_, place) => {
    const { id, expectedCalls } = sorted[Math.floor(((place + 0.5) / count) * sorted.length)]!;
    const latencies = drawLatencies(expectedCalls.length, 1_000 + place);
    const calls = callWork(pace(toEvents(expectedCalls, place % 2 === 1)), latencies);
    return { name: id, set: 'BFCL', latencies, script: { calls, text: answers[place % answers.length]!.script.text } };
  });
}

function toEvents(calls: Case['expectedCalls'], isAtTheEnd: boolean): ProviderEvent[] {
  const ends = calls.map((_, index): Piece => ({ type: 'call-end', index, input: { index, milliseconds: 0 } }));
  const written = calls.flatMap(({ name, args }, index): ProviderEvent[] => {
    const pieces = JSON.stringify(args).match(new RegExp(`[^]{1,${PIECE}}`, 'g')) ?? [];
    return [
      { pieces: [{ type: 'call-start', index }], hiddenCharacters: name.length },
      ...pieces.map((delta): ProviderEvent => ({ pieces: [{ type: 'call-delta', index, delta }] })),
      ...(isAtTheEnd ? [] : [{ pieces: [ends[index]!] }]),
    ];
  });
  return isAtTheEnd ? [...written, { pieces: ends }] : written;
}
