// Owns: where the recorded provider responses lie, and their shape. They stand beside the project and are never part of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const kind = z.enum(['sse', 'json']);

const recording = z.object({
  id: z.string(),
  provider: z.string(),
  package: z.string(),
  model: z.string(),
  /** The wire format. */
  api: z.enum(['anthropic', 'chat', 'gemini', 'openai-responses']),
  kind,
  calls: z.array(z.object({ name: z.string(), args: z.string() })),
  request: z.record(z.string(), z.unknown()),
  response: z.string(),
  /** The recorded next turn: the request that carried the results, and the answer. */
  followUp: z.object({ request: z.unknown(), response: z.string(), responseKind: kind }),
});

export type Recording = z.infer<typeof recording>;

const folder = process.env['RECORDINGS'] || '../shared/recordings';

/**
 * Every recording, or `undefined` where the folder is missing and nobody named it.
 *
 * @throws when the environment names a folder that is not there
 */
export function readRecordings(): Recording[] | undefined {
  const index = join(folder, 'index.json');
  if (!existsSync(index)) {
    if (!process.env['RECORDINGS']) return undefined;
    throw new Error(
      `RECORDINGS is ${folder}, where there is no index.json. Point it at the recordings, or unset it to skip these tests.`,
    );
  }
  return z
    .array(z.object({ file: z.string() }))
    .parse(readJson(index))
    .map(({ file }) => recording.parse(readJson(join(folder, file))));
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
