import { SageError } from '../errors.ts';
import type { ChatModel } from './model.ts';

export interface Credentials {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/**
 * The same client with another key or address, for the clients that can (`withOptions`, as the `openai` package has it).
 * The given client is left as it is; without credentials it is returned itself.
 *
 * @throws {SageError} `invalid-argument` where the client cannot. The error does not hold the key.
 */
export function withCredentials(model: ChatModel, { apiKey, baseUrl }: Credentials): ChatModel {
  if (apiKey === undefined && baseUrl === undefined) return model;
  if (!canTakeOptions(model)) {
    const option = apiKey === undefined ? 'modelConfig.baseUrl' : 'modelConfig.apiKey';
    throw new SageError(
      'invalid-argument',
      `${option} cannot be applied: this model client has no withOptions(). Give the client its key and address itself.`,
      { option, allowed: 'only with a client that has withOptions()' },
    );
  }
  return model.withOptions({
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
  });
}

interface ConfigurableModel extends ChatModel {
  withOptions(options: { readonly apiKey?: string; readonly baseURL?: string }): ChatModel;
}

function canTakeOptions(model: ChatModel): model is ConfigurableModel {
  return 'withOptions' in model && typeof model.withOptions === 'function';
}
