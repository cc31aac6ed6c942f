// Owns: which model the demo takes from the environment, and what a person reads when that does not work.
import { APICallError } from 'ai';
import { describe, expect, it } from 'vitest';
import { describeChatError } from '../../demo/server/chat-error.ts';
import { chooseModel, type ModelInfo } from '../../demo/server/model.ts';

const infoOf = (env: Record<string, string>) => chooseModel(env).info;

describe('chooseModel', () => {
  it.each<[Record<string, string>, Partial<ModelInfo>]>([
    [{}, { kind: 'scripted' }],
    [{ OPENAI_API_KEY: ' ' }, { kind: 'scripted' }],
    [{ OPENAI_API_KEY: 'k', MODEL: 'scripted' }, { kind: 'scripted' }],
    [{ OPENAI_API_KEY: 'k' }, { keyName: 'OPENAI_API_KEY', modelId: 'gpt-5-mini' }],
    [
      { OPENAI_API_KEY: 'k', MODEL: 'gpt-5' },
      { keyName: 'OPENAI_API_KEY', modelId: 'gpt-5' },
    ],
    [{ ANTHROPIC_API_KEY: 'k' }, { keyName: 'ANTHROPIC_API_KEY', modelId: 'claude-sonnet-4-5' }],
    [
      { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', MODEL: 'anthropic/claude-opus-4-1' },
      { keyName: 'ANTHROPIC_API_KEY', modelId: 'claude-opus-4-1' },
    ],
    [
      { AI_GATEWAY_API_KEY: 'k', OPENAI_API_KEY: 'k', MODEL: 'xai/grok-4' },
      { keyName: 'AI_GATEWAY_API_KEY', modelId: 'xai/grok-4' },
    ],
  ])('reads %j', (env, info) => {
    expect(infoOf(env)).toMatchObject(info);
  });

  it.each([
    [
      { MODEL: 'gpt-5' },
      'MODEL is gpt-5, but no API key is set. Set AI_GATEWAY_API_KEY, OPENAI_API_KEY or ANTHROPIC_API_KEY',
    ],
    [
      { MODEL: 'openai/gpt-5', ANTHROPIC_API_KEY: 'k' },
      'MODEL is openai/gpt-5, but ANTHROPIC_API_KEY cannot reach it.',
    ],
  ])('says what to set for %j', (env: Record<string, string>, message) => {
    expect(() => chooseModel(env)).toThrow(message);
  });
});

describe('describeChatError', () => {
  const info = infoOf({ OPENAI_API_KEY: 'secret-key' });
  const failure = (statusCode: number) =>
    new APICallError({
      message: 'Incorrect API key provided: secret-key',
      url: 'https://api.test',
      requestBodyValues: {},
      statusCode,
    });

  it.each([
    [401, 'OpenAI refused the key in OPENAI_API_KEY (401).'],
    [404, 'OpenAI has no model gpt-5-mini (404). Set MODEL'],
    [429, 'OpenAI is limiting this key'],
    [500, 'OpenAI failed (500). Try again.'],
  ])('explains %i without the key', (status, message) => {
    const text = describeChatError(failure(status), info);
    expect(text).toContain(message);
    expect(text).not.toContain('secret-key');
  });

  it('keeps the message of any other error', () => {
    expect(describeChatError(new Error('fetch failed'), info)).toBe('OpenAI: fetch failed');
    expect(describeChatError(undefined, undefined)).toBe('The model did not answer.');
  });
});
