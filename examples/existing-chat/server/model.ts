import { createScriptedModel } from './scripted-model';

// No key is needed. A real model takes its place with one line: `export const model = 'openai/gpt-5.4';`.
export const model = createScriptedModel([
  { toolName: 'getWeather', input: { city: 'Lisbon' } },
  { toolName: 'getWeather', input: { city: 'Oslo' } },
]);
