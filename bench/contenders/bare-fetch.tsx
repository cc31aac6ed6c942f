// Owns: no chat library at all, as the floor: what request, stream, timers and follow-up cost whoever makes them on this machine.
import { useEffect, useState } from 'react';
import { work, type ChatProps, type Contender, type WorkInput } from '../browser/contender.ts';

interface Chunk {
  readonly type: string;
  readonly toolCallId: string;
  readonly input: WorkInput;
}

async function ask(api: string, parts: readonly object[]): Promise<object[]> {
  const answer = { id: 'answer', role: 'assistant', parts };
  const messages = [{ id: 'question', role: 'user', parts: [] }, ...(parts.length > 0 ? [answer] : [])];
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(api, { method: 'POST', headers, body: JSON.stringify({ messages }) });
  const results: Promise<object>[] = [];
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    const lines = (rest + text).split('\n\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue;
      const { type, toolCallId, input }: Chunk = JSON.parse(line.slice('data: '.length));
      if (type !== 'tool-input-available') continue;
      results.push(
        work(input).then((output) => ({ type: 'tool-work', toolCallId, state: 'output-available', input, output })),
      );
    }
  }
  return Promise.all(results);
}

function Chat({ api, renderRest, onReady }: ChatProps) {
  const [text, setText] = useState('');
  renderRest();
  useEffect(() => {
    onReady(async () => {
      const results = await ask(api, []);
      await ask(api, [{ type: 'step-start' }, ...results]);
      setText('All done');
    });
  }, [api, onReady]);
  return <p>{text}</p>;
}

export const contender: Contender = { name: 'no library, bare `fetch`: the floor', api: '/api/ui', Chat };
