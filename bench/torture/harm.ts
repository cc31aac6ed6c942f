// Owns: what of a run harmed somebody, read off the effects and the requests, in every protocol.
import type { Ending, Fault } from './faults.ts';
import { callIdOf, isFollowUp, type ChatRequest, type Run } from './torture-server.ts';

/**
 * `effects`: too many, or of a call that must not run. `lost`: a result that the model does not get, or gets emptied. `followUps`: more than there are
 * answers with calls. `untold`: the model never hears of the calls. `refused`: a request with a call that has no result, or two. `stuck`: the person's
 * next message does not go out.
 */
export const HARMS = ['effects', 'lost', 'followUps', 'untold', 'refused', 'stuck'] as const;
export type Harm = (typeof HARMS)[number];

interface ToldCall {
  readonly id: string;
  /** What the model reads, as JSON; one for each result. */
  readonly results: readonly string[];
}

/** What the model must read of a call that ended so. */
const WORDS: Record<Ending, RegExp> = {
  done: /done/,
  throws: /went wrong/,
  'throws-nothing': /\w/,
  'big-integer': /\w/,
  circular: /\w/,
  map: /^(?!.*\{\}).*\w/,
  'not-a-number': /^(?!.*"amount\\?":null).*\w/,
  nothing: /^/,
};

export function findHarm(fault: Fault, run: Run, isSent: boolean): Record<Harm, number> {
  const { answers, mustNotRun = [], endings = {}, acts } = fault;
  const calls = answers.flatMap((steps) => steps.filter((step) => step.type === 'call'));
  const mayRun = new Set(calls.map(({ index }) => index).filter((index) => !mustNotRun.includes(index)));
  const effects = [...run.effects].map(([index, count]) => count - (mayRun.has(Number(index)) ? 1 : 0));

  const expected = fault.followUps ?? answers.filter((steps) => steps.some(({ type }) => type === 'call')).length;
  const followUps = run.requests.filter(({ body }) => isFollowUp(body)).length;

  const last = run.requests.at(-1)!.body;
  const told = readCalls(last);
  const lost = [...mayRun].filter((index) => {
    const { id = '' } = { id: callIdOf(calls.find((call) => call.index === index)!) };
    const place = calls.filter((call, n) => callIdOf(call) === id && calls.findIndex((other) => other.index === call.index) === n).findIndex((call) => call.index === index); // prettier-ignore
    const results = told.filter((call) => call.id === id)[place]?.results ?? [];
    return run.effects.has(String(index)) && !results.some((text) => WORDS[endings[index] ?? 'done'].test(text));
  });
  return {
    effects: effects.reduce((sum, count) => sum + Math.max(0, count), 0),
    // Whoever stops or leaves does not wait for results.
    lost: acts === undefined && expected > 0 ? lost.length : 0,
    followUps: Math.max(0, followUps - Math.max(expected, 1)),
    untold: expected > 0 && followUps === 0 ? 1 : 0,
    refused: run.requests.filter(({ body }) => readCalls(body).some(({ results }) => results.length !== 1)).length,
    stuck: isSent ? 0 : 1,
  };
}

type Fields = Record<string, unknown>;

/** The calls of a request, in order, each with its results. */
function readCalls({ messages }: ChatRequest): ToldCall[] {
  return (messages as unknown as Fields[]).flatMap((message, place) => {
    const parts = (message['parts'] ?? []) as Fields[];
    if (parts.some(({ type }) => String(type).startsWith('tool-') || type === 'dynamic-tool')) return readParts(parts);
    const calls = (message['toolCalls'] ?? []) as { id: string }[];
    const rest = messages.slice(place + 1) as unknown as Fields[];
    const end = rest.findIndex(({ role }) => role !== 'tool');
    const results = end < 0 ? rest : rest.slice(0, end);
    return calls.map(({ id }) => ({
      id,
      results: results
        .filter(({ toolCallId }) => toolCallId === id)
        .map(({ content, error }) => JSON.stringify([content, error])),
    }));
  });
}

function readParts(parts: readonly Fields[]): ToldCall[] {
  const calls = parts.filter(({ type }) => type === 'dynamic-tool' || (/^tool-(?!result|call)/.test(String(type)) as boolean)); // prettier-ignore
  return calls.map(({ toolCallId, state, output, errorText }) => ({
    id: String(toolCallId),
    results: String(state).startsWith('output-') ? [String(errorText ?? JSON.stringify(output) ?? '')] : [],
  }));
}
