// When results reach the messages: each writing makes the page render its messages anew.
import { expect, it } from 'vitest';
import { createHandTools } from '../harness/hand-tools.ts';
import { partStates, renderChat } from '../harness/render-chat.tsx';

it('writes what settles within a frame together while siblings run, and the last result at once', async () => {
  const { tools, reads } = createHandTools();
  const { ask, chat, settle, transport } = renderChat({ tools });
  const response = await ask();
  response.start('m');
  for (const n of [1, 2, 3, 4]) response.call(`c${n}`, 'read', { n });
  response.finish();
  await settle();
  const before = chat().messages;
  reads[0]!.resolve(1);
  reads[1]!.resolve(2);
  await Promise.resolve();
  expect(chat().messages).toBe(before);
  await expect
    .poll(() => partStates(chat().messages))
    .toEqual(['c1: output-available', 'c2: output-available', 'c3: input-available', 'c4: input-available']);
  reads[2]!.resolve(3);
  reads[3]!.resolve(4);
  const followUp = await transport.next();
  expect(partStates(followUp.messages).every((state) => state.endsWith('output-available'))).toBe(true);
});
