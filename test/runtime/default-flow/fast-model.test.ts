import { describe, expect, test } from 'vitest';
import type { AgentConfig, RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { agent, flow, sequence, simple } from '../flow/nodes.ts';

const modelConfig = {
  model: 'gpt-5',
  fast: 'small',
  temperature: 1,
  topP: 0.9,
  maxTokens: 1_000,
  presencePenalty: 0.5,
  extraBody: { user: 'u' },
};
const inputMessages = [{ role: 'user', content: '<thinking_level>high</thinking_level>Hello' }] as const;

/** The parameters of the request for suggestions. */
async function parametersOfSmall(own: AgentConfig | undefined, more: Partial<RunOptions> = {}): Promise<unknown> {
  await using house = await createHouse();
  const model = scriptedModel(['42.', JSON.stringify({ suggestions: ['Why?'] })]);
  const customFlow = flow(sequence(simple(), agent('query_suggest', own)));
  const { outcome } = await record(house.run(model, { modelConfig, inputMessages, customFlow, ...more }));
  model.assertSpent();
  expect(outcome).toMatchObject({ reason: 'done' });
  const shared = ['messages', 'stream', 'stream_options', 'response_format'];
  return Object.fromEntries(Object.entries(model.requests[1] ?? {}).filter(([name]) => !shared.includes(name)));
}

const main = {
  max_completion_tokens: 1_000,
  temperature: 1,
  top_p: 0.9,
  presence_penalty: 0.5,
  reasoning_effort: 'high',
};

describe('a small job', () => {
  test('goes to the fast model without what was chosen for the main one', async () => {
    expect(await parametersOfSmall(undefined)).toEqual({ model: 'small', user: 'u' });
  });

  test('goes to the main model, with all of that, where there is no fast one', async () => {
    const { fast: _none, ...withoutFast } = modelConfig;
    expect(await parametersOfSmall(undefined, { modelConfig: withoutFast })).toEqual({
      model: 'gpt-5',
      user: 'u',
      ...main,
    });
  });

  test('goes to the model that its node has of its own', async () => {
    const { max_completion_tokens: max_tokens, ...others } = main;
    expect(await parametersOfSmall({ model_config: { model: 'mine' } })).toEqual({
      model: 'mine',
      user: 'u',
      max_tokens,
      ...others,
    });
  });

  test('goes to the fast model with what its node has of its own', async () => {
    const model_config = { max_tokens: 50, extra_body: { seed: 7 } };
    expect(await parametersOfSmall({ model_config })).toEqual({ model: 'small', user: 'u', seed: 7, max_tokens: 50 });
  });

  test('is announced to the hook with the model it goes to', async () => {
    const asked: unknown[] = [];
    const beforeModel = ({ model, isHelper }: { model: string; isHelper: boolean }) =>
      void asked.push([model, isHelper]);
    await parametersOfSmall(undefined, { hooks: { beforeModel } });
    expect(asked).toEqual([
      ['gpt-5', false],
      ['small', true],
    ]);
  });
});
