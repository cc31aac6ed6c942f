// Owns what a person reads when the model cannot answer: what happened and what to do, never a stack and never a key.
import { APICallError, RetryError } from 'ai';
import { ModelSetupError, type ModelInfo } from './model.ts';

/** A readable sentence or two for any error of the model or its provider. */
export function describeChatError(error: unknown, info: ModelInfo | undefined): string {
  const cause = RetryError.isInstance(error) ? error.lastError : error;
  if (cause instanceof ModelSetupError) return cause.message;
  const status = statusOf(cause);
  if (info?.kind === 'provider' && status !== undefined) {
    const { provider, keyName, modelId } = info;
    if (status === 401 || status === 403) {
      return `${provider} refused the key in ${keyName} (${status}). Correct it, or unset it to use the scripted model, and start the demo again.`;
    }
    if (status === 404)
      return `${provider} has no model ${modelId} (404). Set MODEL to one that it has, and start the demo again.`;
    if (status === 402)
      return `${provider} wants payment before it answers (402). Check the account that ${keyName} belongs to.`;
    if (status === 429)
      return `${provider} is limiting this key, or its quota is used up (429). Wait a little and try again.`;
    if (status >= 500) return `${provider} failed (${status}). Try again.`;
  }
  const message = cause instanceof Error && cause.message ? cause.message : 'The model did not answer.';
  return info?.kind === 'provider' ? `${info.provider}: ${message}` : message;
}

function statusOf(error: unknown): number | undefined {
  if (APICallError.isInstance(error)) return error.statusCode;
  // The gateway has error classes of its own.
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
