import { describe, expect, test } from 'vitest';
import { scriptedModel, scriptedTeam } from '../../../src/testing/index.ts';
import { pay, payTool, told, yes } from '../../support/asking.ts';
import { conversations, texts } from '../../support/guidance.ts';
import { callStatuses, readSession } from '../../support/journal.ts';
import { answerAll, begin, goOn, note, notingTool, waits } from '../../support/suspending.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';
import { flow, loop, named, parallel, sequence } from '../flow/nodes.ts';
import { judgement, observation, plan } from '../multi/support.ts';

describe('a flow that waits for a person', () => {
  test('in one branch has the others come to their ends, and goes on in that branch alone', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const toolManager = managerOf(payTool(ran), notingTool(ran));
    const customFlow = flow(sequence(parallel([named('one'), named('two'), named('three')], 2), named('last')));
    const model = scriptedTeam({
      'You are one.': [{ toolCalls: [pay('one')] }],
      'You are two.': [{ toolCalls: [note('two')] }, 'Two is done.'],
      'You are three.': [{ toolCalls: [pay('three')] }],
      'You are last.': [],
    });
    const { outcome } = await begin(house, model, { toolManager, customFlow });
    expect(outcome).toMatchObject(waits);
    expect(ran).toEqual(['two']);

    const [first, second] = await house.agent.listPendingConfirmations('s');
    await house.agent.answerConfirmation('s', second?.confirmation_id ?? '', yes);
    const again = scriptedTeam({ 'You are three.': ['Three is done.'], 'You are one.': [], 'You are last.': [] });
    expect((await goOn(house, again, { toolManager, customFlow })).outcome).toMatchObject(waits);
    expect(ran).toEqual(['two', 'three 1']);

    await house.agent.answerConfirmation('s', first?.confirmation_id ?? '', yes);
    const model3 = scriptedTeam({ 'You are one.': ['One is done.'], 'You are last.': ['All is done.'] });
    const third = await goOn(house, model3, { toolManager, customFlow });
    expect(third).toMatchObject({ text: 'One is done.All is done.', outcome: { reason: 'done' } });
    expect(ran).toEqual(['two', 'three 1', 'one 1']);
  });

  test('in a turn of a loop goes on in that turn', async () => {
    await using house = await createHouse();
    const asked: number[] = [];
    house.agent.registerCondition('thrice', () => asked.push(asked.length + 1) <= 3);
    const paid: string[] = [];
    const toolManager = managerOf(payTool(paid));
    const customFlow = flow(loop('thrice', named('worker')));
    const model = scriptedModel(['First turn.', { toolCalls: [pay('second')] }]);
    expect((await begin(house, model, { toolManager, customFlow })).outcome).toMatchObject(waits);
    await answerAll(house.agent);
    const options = house.options(scriptedModel(['Second turn.', 'Third turn.']), {
      toolManager,
      customFlow,
      sessionId: 's',
      inputMessages: [],
    });
    const run = house.agent.runStream(options);
    for await (const _ of run);
    expect(await run.outcome).toMatchObject({ reason: 'done' });
    // A turn that was entered has been decided on.
    expect(asked).toHaveLength(4);
    expect(paid).toEqual(['second 1']);
  });

  test('in the executor of multi goes on there, and plans nothing anew', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const more = { agentMode: 'multi', toolManager: managerOf(payTool(paid)) } as const;
    const model = scriptedModel([plan('Pay Bob.'), { toolCalls: [pay('bob')] }]);
    expect((await begin(house, model, more)).outcome).toMatchObject(waits);
    await answerAll(house.restart());
    const next = scriptedModel(['Bob is paid.', observation('Bob is paid.'), judgement('completed'), 'All is paid.']);
    const second = await goOn(house, next, more);
    next.assertSpent();
    expect(second.outcome).toMatchObject({ reason: 'done' });
    expect(paid).toEqual(['bob 1']);
  });

  test('while it plans goes on planning', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const toolManager = managerOf(notingTool(ran, { approval: 'ask', effect: 'none' }));
    const inputMessages = [{ role: 'user', content: '<enable_plan>true</enable_plan>Build a house' }] as const;
    const model = scriptedModel([{ toolCalls: [note('plot')] }]);
    expect((await begin(house, model, { toolManager, inputMessages })).outcome).toMatchObject(waits);
    await answerAll(house.restart());
    const next = scriptedModel(['1. Dig.', JSON.stringify({ decision: 'start_execution' }), 'The house stands.']);
    const second = await goOn(house, next, { toolManager });
    next.assertSpent();
    expect(second.outcome).toMatchObject({ reason: 'done' });
    expect(ran).toEqual(['plot']);
  });
});

test('guidance that came before the run was suspended is taken when it goes on, behind the results', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const slow = notingTool([], {
    execute: () => house.agent.injectUserMessage('s', 'Hurry.', { guidanceId: 'g' }),
  });
  const toolManager = managerOf(payTool(paid), slow);
  const first = await begin(house, scriptedModel([{ toolCalls: [pay('bob'), note('x')] }]), { toolManager });
  expect(first.outcome).toMatchObject({ ...waits, pendingGuidance: ['g'] });
  const late = house.agent.injectUserMessage('s', 'Too late.');
  await expect(late).rejects.toMatchObject({ code: 'session-not-live' });
  await answerAll(house.restart());
  const model = scriptedModel(['Done.']);
  const second = await goOn(house, model, { toolManager });
  expect(second.outcome).toMatchObject({ reason: 'done', pendingGuidance: [] });
  expect(texts(conversations(model)[0]).slice(-3)).toEqual(['paid bob', 'g', 'Hurry.']);
});

test('what is left of its steps and tool calls is what was left when it was suspended', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const more = { toolManager: managerOf(payTool(paid)), maxLoopCount: 2, limits: { maxToolCalls: 1 } };
  const first = await begin(house, scriptedModel([{ toolCalls: [pay('a'), pay('b')] }]), more);
  expect(first.outcome).toMatchObject(waits);
  expect(await answerAll(house.restart())).toEqual([{ to: 'a', amount: 1 }]);
  const { outcome } = await goOn(house, scriptedModel([]), more);
  expect(outcome).toMatchObject({ status: 'failed', reason: 'budget' });
  expect(paid).toEqual(['a 1']);
  const stored = await readSession(house.root, 's');
  expect(callStatuses(stored)).toEqual(['success', 'not_run']);
  expect(told(stored.messages)).toHaveLength(2);
});
