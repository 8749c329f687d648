import { describe, expect, test } from 'vitest';
import { defineTool } from '../../../src/index.ts';
import { record, scriptedModel, httpError } from '../../../src/testing/index.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echoTool, managerOf } from '../../support/tools.ts';

const suggestions = ['Why?', 'How much?', 'Do it again.'];

describe('moreSuggest', () => {
  test('suggests what to ask next, for readers only, by the fast model', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['42.', JSON.stringify({ suggestions })]);
    const modelConfig = { model: 'large', fast: 'small' };
    const { messages } = await record(house.run(model, { moreSuggest: true, modelConfig, sessionId: 's' }));
    expect(model.requests.map((request) => request.model)).toEqual(['large', 'small']);
    expect(messages.at(-2)).toMatchObject({
      message_type: 'query_suggest',
      agent_name: 'query_suggest',
      content: '- Why?\n- How much?\n- Do it again.',
      metadata: { suggestions },
    });
    const next = scriptedModel(['Because.']);
    await record(house.run(next, { sessionId: 's' }));
    expect(texts(conversations(next)[0])).toEqual(['Hello', '42.', 'Hello']);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('is no reason to fail when the model fails, or makes no sense', async () => {
    await using house = await createHouse();
    const refuse = {
      at: {
        0: () => {
          throw httpError(401, 'no');
        },
      },
    };
    for (const answers of [
      ['42.', refuse],
      ['42.', 'Hm.', 'Hm.'],
    ]) {
      const { outcome, messages } = await record(house.run(scriptedModel(answers), { moreSuggest: true }));
      expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
      expect(messages).toHaveLength(2);
    }
  });
});

test('forceSummary ends with a summary', async () => {
  await using house = await createHouse();
  const model = scriptedModel(['I did it.', 'All in all: done.']);
  const { messages, outcome } = await record(house.run(model, { forceSummary: true }));
  expect(outcome).toMatchObject({ reason: 'done', usage: { calls: 2 } });
  expect(messages.at(-2)).toMatchObject({ message_type: 'final_answer', content: 'All in all: done.' });
});

describe('availableWorkflows', () => {
  const availableWorkflows = { deploy: '1. Test. 2. Push.', retire: 'Say goodbye.' };

  test('are known to the model by name, and loaded when it asks', async () => {
    await using house = await createHouse();
    const load = (name: string) => call('load_workflow', { name });
    const model = scriptedModel([load('deploy'), load('destroy'), 'Deployed.']);
    const options = { availableWorkflows, toolManager: managerOf(echoTool()), systemPrefix: 'Be brief.' };
    await record(house.run(model, options));
    const [system] = model.requests[0]?.messages ?? [];
    expect(system).toMatchObject({ role: 'system', content: expect.stringMatching(/^Be brief\..*deploy, retire/s) });
    expect(JSON.stringify(system)).not.toContain('Push');
    expect(texts(conversations(model)[1]).at(-1)).toBe('1. Test. 2. Push.');
    expect(texts(conversations(model)[2]).at(-1)).toContain('There are: deploy, retire.');
  });

  test('are refused beside a tool of the host’s of that name', async () => {
    await using house = await createHouse();
    const toolManager = managerOf(defineTool({ name: 'load_workflow', description: 'Mine.', execute: () => '' }));
    expect(() => house.run(scriptedModel([]), { availableWorkflows, toolManager })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('availableWorkflows') }),
    );
    const { outcome } = await record(house.run(scriptedModel(['Hi']), { availableWorkflows: {}, toolManager }));
    expect(outcome).toMatchObject({ reason: 'done' });
  });

  test('are no reason for a tool where there are none', async () => {
    await using house = await createHouse();
    const model = scriptedModel(['Hi']);
    await record(house.run(model, { availableWorkflows: {} }));
    expect(model.requests[0]).not.toHaveProperty('tools');
  });
});
