import { SageError } from '../errors.ts';
import type { ModelFailure } from './model-failure.ts';

/** The error of a call that failed for good after `attempts` requests: what happened, and what to do next. */
export function toModelError(failure: ModelFailure, attempts: number): SageError<'model-error' | 'context-overflow'> {
  const { kind, status, retryAfterMs, cause } = failure;
  const options = cause === undefined ? {} : { cause };
  const message = `${whatHappened(failure, attempts)} ${whatToDo(failure)}`;
  const facts = status === undefined ? {} : { status };
  if (kind === 'overflow') return new SageError('context-overflow', message, facts, options);
  return new SageError(
    'model-error',
    message,
    { ...facts, attempts, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    options,
  );
}

function whatHappened({ kind, status, text }: ModelFailure, attempts: number): string {
  const where = status === undefined ? '' : ` (HTTP ${status})`;
  const tries = attempts > 1 ? ` in ${attempts} tries` : '';
  const said = /[.!?…]$/.test(text) ? text : `${text}.`;
  switch (kind) {
    case 'overflow':
      return `The request is longer than the model's context${where}: ${said}`;
    case 'connection':
      return `The connection to the model's provider failed${tries}: ${said}`;
    case 'unfinished':
    case 'garbled':
      return `The model's answer broke off${tries}: ${said}`;
    case 'client':
      return `The model client failed: ${said}`;
    case 'http':
    case 'reported':
      return `The model's provider answered with an error${where}${tries}: ${said}`;
    default:
      return kind satisfies never;
  }
}

function whatToDo({ kind, status, retryAfterMs }: ModelFailure): string {
  if (kind === 'overflow') return 'Shorten the messages or choose a model with a larger context.';
  if (kind === 'client') return 'Check how the model client was made.';
  if (kind === 'connection') return 'Check baseUrl and the network, or try again later.';
  if (retryAfterMs !== undefined) return `Try again after ${retryAfterMs} ms.`;
  if (status === 401 || status === 403) return 'Check apiKey and what it is allowed to use.';
  if (status === 404) return 'Check modelConfig.model and baseUrl.';
  if (status === 429) return 'Try again later, or ask the provider for a higher limit.';
  if (status !== undefined && status < 500) return 'Check modelConfig and the messages.';
  if (kind === 'garbled') return 'Check that baseUrl is an OpenAI-compatible API.';
  return 'Try again later.';
}
