import type { ChatRequest } from '../../src/model/model.ts';
import type { ScriptedModel } from '../../src/testing/scripted-model.ts';

export const body: ChatRequest = {
  model: 'm',
  messages: [{ role: 'user', content: 'Hi' }],
  stream: true,
  stream_options: { include_usage: true },
};

export function ask(model: ScriptedModel, signal = new AbortController().signal): Promise<AsyncGenerator<unknown>> {
  return Promise.resolve(
    model.chat.completions.create(body, { signal, maxRetries: 0 }) as Promise<AsyncGenerator<unknown>>,
  );
}
