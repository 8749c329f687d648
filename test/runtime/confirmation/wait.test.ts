import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { defineTool } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { always, asked, closed, no, pay, payTool, readAsked, told, yes } from '../../support/asking.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

const waiting = { whenApprovalNeeded: 'wait', sessionId: 's' } as const;

test('a call that needs approval is shown as it would be run, and runs once it is allowed', async () => {
  await using house = await createHouse();
  using strays = watchStrays();
  const paid: string[] = [];
  const run = house.run(scriptedModel([{ toolCalls: [pay('bob', 5)] }, 'Done.']), {
    ...waiting,
    toolManager: managerOf(payTool(paid)),
  });
  const { chunks, outcome } = await readAsked(run, async (confirmation) => {
    expect(paid).toEqual([]);
    expect(await house.agent.listPendingConfirmations('s')).toEqual([{ session_id: 's', ...confirmation }]);
    await house.agent.answerConfirmation('s', confirmation.confirmation_id, yes);
    expect(await house.agent.listPendingConfirmations('s')).toEqual([]);
  });
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  expect(paid).toEqual(['bob 5']);
  expect(asked(chunks)).toEqual([
    {
      confirmation_id: expect.stringMatching(/^id1-/),
      call: [expect.stringMatching(/^id1-/), 0],
      kind: 'approval',
      tool: 'pay',
      arguments: { to: 'bob', amount: 5 },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      reason: 'Tool "pay" asks before it is run.',
      expires_at: Date.UTC(2026, 0, 1, 0, 30) / 1000,
    },
  ]);
  expect(closed(chunks)).toEqual(['allow-once by anna']);
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(callStatuses(stored)).toEqual(['success']);
  const words = ['confirmation_requested', 'confirmation_closed', 'intents'];
  expect(stored.entries.map(({ type }) => type).filter((type) => words.includes(type))).toEqual(words);
  expect(await strays.look()).toEqual(nothing);
});

test('the question is no part of what the model is told', async () => {
  await using house = await createHouse();
  const model = scriptedModel([{ toolCalls: [pay('bob')] }, 'Done.']);
  const run = house.run(model, { ...waiting, toolManager: managerOf(payTool([])) });
  await readAsked(run, ({ confirmation_id: id }) => house.agent.answerConfirmation('s', id, yes));
  expect(model.requests[1]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
});

test('a call that is declined does not run, and the model is told by whom it was not', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const run = house.run(scriptedModel([{ toolCalls: [pay('bob')] }, 'Fine.']), {
    ...waiting,
    toolManager: managerOf(payTool(paid)),
  });
  const { outcome } = await readAsked(run, ({ confirmation_id: id }) => house.agent.answerConfirmation('s', id, no));
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(paid).toEqual([]);
  const stored = await readSession(house.root, 's');
  expect(told(stored.messages)).toEqual([expect.stringContaining('The user has declined it.')]);
  expect(stored.entries.filter(({ type }) => type === 'intents')).toEqual([]);
});

test('siblings run while a person is asked, and the model is called when all are decided', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const model = scriptedModel([{ toolCalls: [pay('a'), ...echo('hi').toolCalls, pay('b')] }, 'Done.']);
  const run = house.run(model, { ...waiting, toolManager: managerOf(payTool(paid), echoTool()) });
  const open: string[] = [];
  await readAsked(run, async ({ confirmation_id: id }) => {
    open.push(id);
    if (open.length < 2) return;
    // The last that was asked is answered first; the sibling has its result by then.
    await house.agent.answerConfirmation('s', open[1] ?? '', yes);
    for (let round = 0; round < 3; round += 1) await turn();
    expect(model.requests).toHaveLength(1);
    await house.agent.answerConfirmation('s', open[0] ?? '', yes);
  });
  expect(paid.toSorted()).toEqual(['a 1', 'b 1']);
  const stored = await readSession(house.root, 's');
  expect(told(stored.messages)).toEqual(['paid a', 'hi', 'paid b']);
  expectAtRest(stored);
});

test('two calls of one tool with the same arguments are two questions', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const run = house.run(scriptedModel([{ toolCalls: [pay('bob'), pay('bob')] }, 'Once.']), {
    ...waiting,
    toolManager: managerOf(payTool(paid)),
  });
  const answers = [no, yes];
  const { chunks } = await readAsked(run, ({ confirmation_id: id }) =>
    house.agent.answerConfirmation('s', id, answers.shift() ?? yes),
  );
  const [one, other] = asked(chunks);
  expect(one?.digest).not.toBe(other?.digest);
  expect(paid).toEqual(['bob 1']);
  expect(callStatuses(await readSession(house.root, 's'))).toEqual(['error', 'success']);
});

describe('many calls that ask', () => {
  test('keep nobody from running, and once they are allowed run eight at a time', async () => {
    await using house = await createHouse();
    let atWork = 0;
    let most = 0;
    const eight = Promise.withResolvers<void>();
    const slow = defineTool({
      name: 'slow',
      description: 'Waits until there are eight of it.',
      approval: 'ask',
      async execute() {
        atWork += 1;
        most = Math.max(most, atWork);
        if (atWork === 8) eight.resolve();
        await eight.promise;
        for (let round = 0; round < 20; round += 1) await turn();
        atWork -= 1;
      },
    });
    const calls = [...Array.from({ length: 12 }, () => ({ name: 'slow' })), ...echo('hi').toolCalls];
    const run = house.run(scriptedModel([{ toolCalls: calls }, 'Done.']), {
      ...waiting,
      toolManager: managerOf(slow, echoTool()),
    });
    const ids: string[] = [];
    await readAsked(run, async ({ confirmation_id }) => {
      ids.push(confirmation_id);
      if (ids.length === 12) await Promise.all(ids.map((id) => house.agent.answerConfirmation('s', id, yes)));
    });
    const stored = await readSession(house.root, 's');
    expect(callStatuses(stored)).toEqual(Array.from({ length: 13 }, () => 'success'));
    expect(most).toBe(8);
  });

  test('are answered one by one also where one answer allows the tool for good', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const run = house.run(scriptedModel([{ toolCalls: [pay('a'), pay('b')] }, 'Done.']), {
      ...waiting,
      toolManager: managerOf(payTool(paid)),
    });
    const answers = [always, no];
    await readAsked(run, ({ confirmation_id: id }) => house.agent.answerConfirmation('s', id, answers.shift() ?? yes));
    expect(paid).toEqual(['a 1']);
  });
});
