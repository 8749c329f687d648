import { expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

test('text cut at the length limit is an answer that says so', async () => {
  await using house = await createHouse();
  const { outcome, chunks, text } = await record(
    house.run(scriptedModel([{ text: ['a', 'b'], finishReason: 'length' }])),
  );
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(text).toBe('ab');
  expect(chunks.at(-2)).toMatchObject({ is_final: true, metadata: { incomplete: 'length' } });
});

test('calls cut at the length limit are not run, and the model is told to send them again', async () => {
  await using house = await createHouse();
  const cut = {
    toolCalls: [...echo('whole').toolCalls, { name: 'echo', arguments: '{"text":"cu' }],
    finishReason: 'length',
  };
  const model = scriptedModel([cut, echo('again'), 'Done']);
  const { outcome } = await record(house.run(model, { toolManager: managerOf(echoTool()), sessionId: 's' }));
  expect(outcome).toMatchObject({ reason: 'done' });
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(callStatuses(stored)).toEqual(['not_run', 'not_run', 'success']);

  const [reply, ...results] = model.requests[1]?.messages.slice(2) ?? [];
  expect(reply.tool_calls.map((one: { function: { arguments: string } }) => one.function.arguments)).toEqual([
    '{"text":"whole"}',
    '{}',
  ]);
  expect(results.map(({ content }) => JSON.parse(content).message)).toEqual([
    expect.stringContaining('cut at the length limit'),
    expect.stringContaining('cut at the length limit'),
  ]);
});

test('arguments that are no JSON run nothing, and go back to the model', async () => {
  await using house = await createHouse();
  const model = scriptedModel([{ toolCalls: [{ name: 'echo', arguments: '{"text":' }] }, 'Done']);
  const { outcome } = await record(house.run(model, { toolManager: managerOf(echoTool()), sessionId: 's' }));
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(callStatuses(await readSession(house.root, 's'))).toEqual(['error']);
  const { content } = model.requests[1]?.messages.at(-1) ?? {};
  expect(JSON.parse(content)).toMatchObject({
    error_code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('{"text":'),
  });
});
