import { describe, expect, test } from 'vitest';
import { defineTool, isVisible } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, echo, echoTool, managerOf } from '../../support/tools.ts';

const toolManager = managerOf(echoTool());
const same = Array.from({ length: 4 }, () => echo('same'));

describe('three equal calls with equal results', () => {
  test('bring one corrective turn, and the fourth ends the run', async () => {
    await using house = await createHouse();
    const model = scriptedModel(same);
    const { outcome, messages } = await record(house.run(model, { toolManager, sessionId: 's' }));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'loop-detected', usage: { calls: 4 } });
    model.assertSpent();
    expect(model.requests[2]?.messages.at(-1).role).toBe('tool');
    expect(model.requests[3]?.messages.at(-1)).toEqual({
      role: 'user',
      content: expect.stringContaining('three times'),
    });
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    const hidden = stored.messages.filter((message) => !isVisible(message));
    expect(hidden).toMatchObject([{ role: 'user', metadata: { hidden_from_chat: true } }]);
    expect(messages).not.toContainEqual(expect.objectContaining({ role: 'user' }));
  });

  test('and then something else go on', async () => {
    await using house = await createHouse();
    const { outcome } = await record(
      house.run(scriptedModel([...same.slice(0, 3), echo('other'), 'Done']), { toolManager }),
    );
    expect(outcome).toMatchObject({ reason: 'done' });
  });

  test('interrupted by another are three only when they follow each other', async () => {
    await using house = await createHouse();
    const model = scriptedModel([echo('a'), echo('a'), echo('b'), echo('a'), echo('a'), 'Done']);
    const { outcome } = await record(house.run(model, { toolManager }));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(JSON.stringify(model.requests.at(-1))).not.toContain('three times');
  });
});

test('the same call with a changing result is progress', async () => {
  await using house = await createHouse();
  let count = 0;
  const counter = defineTool({ name: 'count', description: 'Counts.', execute: () => (count += 1) });
  const model = scriptedModel([...Array.from({ length: 6 }, () => call('count')), 'Six']);
  const { outcome, text } = await record(house.run(model, { toolManager: managerOf(counter) }));
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(text).toBe('Six');
});
