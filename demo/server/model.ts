// Owns the choice of the model: a real provider when the environment has a key, else the scripted one.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createGateway, type LanguageModel } from 'ai';
import { createScriptedModel } from './scripted-model.ts';

export interface ChosenModel {
  model: LanguageModel;
  /** What the page and the errors need to know; holds no secret. */
  info: ModelInfo;
}

export type ModelInfo =
  | { kind: 'scripted'; modelId: string }
  | { kind: 'provider'; modelId: string; provider: string; keyName: KeyName };

const keyNames = ['AI_GATEWAY_API_KEY', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY'] as const;
export type KeyName = (typeof keyNames)[number];

interface Provider {
  name: string;
  /** `openai/` in `MODEL=openai/gpt-5-mini`; the gateway takes every prefix as it is. */
  prefix: string;
  defaultModel: string;
  create: (apiKey: string, modelId: string) => LanguageModel;
}

const providers: Record<KeyName, Provider> = {
  AI_GATEWAY_API_KEY: {
    name: 'AI Gateway',
    prefix: '',
    defaultModel: 'openai/gpt-5-mini',
    create: (apiKey, modelId) => createGateway({ apiKey })(modelId),
  },
  OPENAI_API_KEY: {
    name: 'OpenAI',
    prefix: 'openai/',
    defaultModel: 'gpt-5-mini',
    create: (apiKey, modelId) => createOpenAI({ apiKey })(modelId),
  },
  ANTHROPIC_API_KEY: {
    name: 'Anthropic',
    prefix: 'anthropic/',
    defaultModel: 'claude-sonnet-4-5',
    create: (apiKey, modelId) => createAnthropic({ apiKey })(modelId),
  },
};

/** The environment asks for something that cannot be; the message says what to set. */
export class ModelSetupError extends Error {
  override name = 'ModelSetupError';
}

/** `MODEL` names the model, by itself or as `provider/model`; `MODEL=scripted` needs no key. */
export function chooseModel(env: Record<string, string | undefined>): ChosenModel {
  const wanted = env['MODEL']?.trim() || undefined;
  const keys = keyNames.filter((name) => env[name]?.trim());
  if (wanted === 'scripted' || (!wanted && keys.length === 0)) {
    return { model: createScriptedModel(), info: { kind: 'scripted', modelId: 'scripted' } };
  }
  const keyName = keys.find((name) => suits(providers[name], wanted));
  if (!keyName) {
    throw new ModelSetupError(
      `MODEL is ${wanted}, but ${keys.length > 0 ? `${keys.join(' and ')} cannot reach it` : 'no API key is set'}. ` +
        `Set ${keyNames.join(', ').replace(/, (?=\w+$)/, ' or ')}, or leave MODEL out, and start the demo again.`,
    );
  }
  const provider = providers[keyName];
  const modelId = wanted ? wanted.replace(provider.prefix, '') : provider.defaultModel;
  const apiKey = env[keyName]?.trim() ?? '';
  return {
    model: provider.create(apiKey, modelId),
    info: { kind: 'provider', modelId, provider: provider.name, keyName },
  };
}

/** `openai/gpt-5-mini` needs OpenAI or the gateway; a name without a prefix suits whichever key there is. */
const suits = ({ prefix }: Provider, wanted: string | undefined): boolean =>
  prefix === '' || !wanted?.includes('/') || wanted.startsWith(prefix);
