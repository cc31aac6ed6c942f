// Owns: that the tests of `npm run test:ai-6` run on AI SDK 6, and on nothing else beside it.
import { createOpenAI } from '@ai-sdk/openai';
import { Chat } from '@ai-sdk/react';
import * as sdk from 'ai';
import { expect, it } from 'vitest';
import { isAiSdk6 } from '../harness/sdk-version.ts';

it('is AI SDK 6: it has no `toUIMessageStream` by itself, and its providers are of the third specification', () => {
  expect(isAiSdk6).toBe(true);
  expect(sdk).not.toHaveProperty('toUIMessageStream');
  expect(createOpenAI({ apiKey: 'test' }).chat('any')).toMatchObject({ specificationVersion: 'v3' });
});

it('is one AI SDK: the chat of the hook is the chat of `ai`', () => {
  expect(Chat.prototype).toBeInstanceOf(sdk.AbstractChat);
});
