/**
 * Owns the filling of inputs that name outputs of other calls: a call waits for those that it names, gets their values, and fails with words for the
 * model where a reference leads nowhere. Its record and its message keep the references: what they stand for goes to the tool alone.
 */
import { ToolCallError } from '../core/errors.ts';
import type { FilledInput, PluginHost, ToolCallsPlugin } from '../core/plugins.ts';
import type { ToolBatch, ToolCall, ToolCallKey } from '../core/tool-call.ts';
import { findNamed, hasEnded, readOutput, waitsFor, type NamedCall } from './named-call.ts';
import { follow, listReferences, replaceReferences, type Reference } from './reference.ts';

/** Its facts of a call are `{ input }`: what the tool got. */
const NAME = 'refs';

/** A plugin that lets the input of a call name the output of an earlier call of its step: `{{toolName#1.path}}`. */
export function toolCallRefs(): ToolCallsPlugin {
  return { ...createRefs(), forChat: createRefs };
}

function createRefs(): ToolCallsPlugin {
  let host: PluginHost | undefined;
  /** By the calls that wait for one of which the page has no record: whether its result has come with the messages. */
  const awaited = new Map<ToolCallKey, () => boolean>();
  const policyOf = (toolName: string) => host?.policyOf(toolName);

  function fill(call: ToolCall, input: unknown, batch: ToolBatch): FilledInput {
    const references = listReferences(input);
    if (references.length === 0) {
      note(call, undefined);
      return { input };
    }
    const outputs = new Map<string, unknown>();
    for (const reference of references) {
      const explain = (why: string) => refuse(call, reference, why);
      const named = findNamed(host, batch, call, reference);
      if (named === undefined) throw explain('names no call that comes before this one in the same turn');
      if (named.record !== undefined && waitsFor(named.record, call, batch, policyOf))
        throw explain('names a call that runs after this one, so each would wait for the other');
      const found = readOutput(named, policyOf, explain);
      if (found === undefined) {
        if (named.record === undefined) awaited.set(call.key, () => hasEnded(findNamed(host, batch, call, reference)));
        return { waitFor: named };
      }
      outputs.set(reference.text, readValue(found.output, reference, explain));
    }
    const filled = replaceReferences(input, ({ text }) => structuredClone(outputs.get(text)));
    note(call, structuredClone(filled));
    return { input: filled };
  }

  /** A person who is asked sees what the tool would get. */
  function note(call: ToolCall, input: unknown): void {
    const isNoted = call.plugins?.[NAME] !== undefined;
    if (input !== undefined || isNoted) host?.record({ input }, call.key);
  }

  function labelsOf({ toolName, record, part }: NamedCall): readonly string[] | undefined {
    const labels = policyOf(toolName)?.labels;
    return typeof labels === 'function' ? labels(record?.input ?? part?.input, record?.output ?? part?.output) : labels;
  }

  /** The labels of what a call would send out of the page's own systems. The model has not read it, so nobody else can know. */
  function judge(call: ToolCall): string | false {
    if (host === undefined || policyOf(call.toolName)?.openWorld !== true) return false;
    const batch = host.store.getState().batches[call.batchKey];
    const carried = listReferences(call.input).flatMap((reference) => {
      const named = batch && findNamed(host, batch, call, reference);
      const labels = (named && labelsOf(named)) ?? [];
      return labels.length > 0 ? `${named!.toolName} (${labels.join(', ')})` : [];
    });
    return carried.length > 0 && `It would send private data out: of ${[...new Set(carried)].join('; ')}`;
  }

  return {
    name: NAME,
    connect(given) {
      host = given;
      const stop = given.watch(() => {
        const ready = [...awaited].filter(([, hasCome]) => hasCome());
        for (const [key] of ready) awaited.delete(key);
        // Only then: whoever is asked again may be told of it as of any change.
        if (ready.length > 0) given.reconsider();
      });
      // Calls that came before had only their records to look at.
      given.reconsider();
      return () => {
        stop();
        awaited.clear();
        host = undefined;
      };
    },
    fillInput: fill,
    approval: judge,
  };
}

function readValue(output: unknown, { path }: Reference, explain: (why: string) => ToolCallError): unknown {
  if (path === undefined) throw explain('has a path that cannot be read. Write it as `.name`, `[0]` or `["any name"]`');
  const found = follow(output, path);
  if ('missing' in found) throw explain(`leads nowhere: the result has no \`${found.missing}\` there`);
  return found.value;
}

function refuse({ toolName }: ToolCall, { text }: Reference, why: string): ToolCallError {
  return new ToolCallError('invalid-input', `${toolName} did not run: in its input, ${text} ${why}.`);
}
