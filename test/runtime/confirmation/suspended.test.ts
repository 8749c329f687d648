import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import { asked, closed, days, handClock, no, pay, payTool, refusedAs, told, yes } from '../../support/asking.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { answerAll, begin, goOn, note, notingTool, waits } from '../../support/suspending.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

test('a call that is suspended ends its run, and is run once when another process has the answer', async () => {
  await using house = await createHouse();
  const ran: string[] = [];
  const toolManager = managerOf(payTool(ran), notingTool(ran));
  const calls = [note('before'), pay('bob', 5), note('after')];
  const first = await begin(house, scriptedModel([{ toolCalls: calls }]), { toolManager });
  expect(first.outcome).toMatchObject({ ...waits, abandonedTools: [] });
  expect(asked(first.chunks)[0]?.expires_at).toBe((Date.UTC(2026, 0, 1) + 7 * days) / 1000);
  expect(await house.agent.getSessionStatus('s')).toBe('waiting');
  expect(house.agent.listActiveSessions()).toEqual([]);
  // Nothing was said about the call, and the result behind it waits for its turn.
  expect(callStatuses(await readSession(house.root, 's'))).toEqual(['success']);
  expect(ran).toEqual(['before', 'after']);

  await answerAll(house.restart());
  expect(await house.restart().getSessionStatus('s')).toBe('waiting');
  expect(ran).toEqual(['before', 'after']);
  const model = scriptedModel(['Done.']);
  const second = await goOn(house, model, { toolManager });
  expect(second).toMatchObject({ text: 'Done.', outcome: { reason: 'done', runId: first.outcome.runId } });
  expect(ran).toEqual(['before', 'after', 'bob 5']);
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(told(stored.messages)).toEqual(['noted before', 'paid bob', 'noted after']);
  expect(stored.state.lastRun?.attempt).toBe(1);
  expect(model.requests).toHaveLength(1);
});

test('four suspensions in a row are no crashes', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const toolManager = managerOf(payTool(paid));
  const names = ['a', 'b', 'c', 'd'];
  let { outcome } = await begin(house, scriptedModel([{ toolCalls: [pay('a')] }]), { toolManager });
  for (const next of ['b', 'c', 'd', undefined]) {
    expect(outcome).toMatchObject(waits);
    await answerAll(house.restart());
    const answer = next === undefined ? 'Done.' : { toolCalls: [pay(next)] };
    ({ outcome } = await goOn(house, scriptedModel([answer]), { toolManager }));
  }
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(paid).toEqual(names.map((name) => `${name} 1`));
});

test('gone on with before anybody has answered, it waits again and asks nothing anew', async () => {
  await using house = await createHouse();
  const toolManager = managerOf(payTool([]));
  await begin(house, scriptedModel([{ toolCalls: [pay('bob')] }]), { toolManager });
  const [before] = await house.agent.listPendingConfirmations('s');
  const { outcome, chunks } = await goOn(house, scriptedModel([]), { toolManager });
  expect(outcome).toMatchObject(waits);
  expect(asked(chunks)).toEqual([]);
  expect(await house.agent.listPendingConfirmations('s')).toEqual([before]);
});

describe('what is suspended', () => {
  test.each<[string, object, string]>([
    ['declined', no, 'The user has declined it.'],
    ['changed', { arguments: { to: 'carl', amount: 2 } }, 'The user has changed the arguments'],
    ['changed into nonsense', { arguments: { to: 'carl' } }, 'do not fit its parameters'],
  ])('may be %s', async (_, answer, word) => {
    await using house = await createHouse();
    const paid: string[] = [];
    const toolManager = managerOf(payTool(paid));
    await begin(house, scriptedModel([{ toolCalls: [pay('bob')] }]), { toolManager });
    await answerAll(house.restart(), [answer]);
    const { outcome } = await goOn(house, scriptedModel(['Done.']), { toolManager });
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(told((await readSession(house.root, 's')).messages)).toEqual([expect.stringContaining(word)]);
    expect(paid).toEqual(word.includes('changed the') ? ['carl 2'] : []);
  });

  test('and not answered within a week was not run, as the model is told', async () => {
    const { clock, pass } = handClock();
    await using house = await createHouse({ clock });
    const toolManager = managerOf(payTool([]));
    await begin(house, scriptedModel([{ toolCalls: [pay('bob')] }]), { toolManager });
    const [pending] = await house.agent.listPendingConfirmations('s');
    pass(7 * days);
    const other = house.restart();
    expect(await other.listPendingConfirmations('s')).toEqual([]);
    const late = other.answerConfirmation('s', pending?.confirmation_id ?? '', yes);
    await expect(late).rejects.toMatchObject(refusedAs('expired'));
    const { chunks } = await goOn(house, scriptedModel(['Then not.']), { toolManager });
    expect(closed(chunks)).toEqual(['expired']);
    expect(told((await readSession(house.root, 's')).messages)).toEqual([expect.stringContaining('in time')]);
  });

  test('partly answered is run as far as it is, and waits for the rest', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const toolManager = managerOf(payTool(paid));
    const calls = [pay('a'), pay('b'), pay('c')];
    await begin(house, scriptedModel([{ toolCalls: calls }]), { toolManager });
    const pending = await house.agent.listPendingConfirmations('s');
    expect(pending.map(({ arguments: args }) => args)).toMatchObject([{ to: 'a' }, { to: 'b' }, { to: 'c' }]);
    await house.agent.answerConfirmation('s', pending[2]?.confirmation_id ?? '', yes);
    expect((await goOn(house, scriptedModel([]), { toolManager })).outcome).toMatchObject(waits);
    expect(paid).toEqual(['c 1']);
    await answerAll(house.restart(), [no, yes]);
    await goOn(house, scriptedModel(['Done.']), { toolManager });
    expect(paid).toEqual(['c 1', 'b 1']);
    expect(callStatuses(await readSession(house.root, 's'))).toEqual(['error', 'success', 'success']);
  });

  test('is given up by a new message: it was not run, and cannot be answered any more', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const toolManager = managerOf(payTool(paid));
    await begin(house, scriptedModel([{ toolCalls: [pay('bob')] }]), { toolManager });
    const [pending] = await house.agent.listPendingConfirmations('s');
    const model = scriptedModel(['Never mind, then.']);
    const inputMessages = [{ role: 'user', content: 'Forget it.' }] as const;
    const { outcome } = await goOn(house, model, { toolManager, inputMessages });
    expect(outcome).toMatchObject({ reason: 'done' });
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(callStatuses(stored)).toEqual(['not_run']);
    expect(closed(stored.chunks)).toEqual(['dropped']);
    const late = house.restart().answerConfirmation('s', pending?.confirmation_id ?? '', yes);
    await expect(late).rejects.toMatchObject({ code: 'confirmation-refused' });
    expect(paid).toEqual([]);
  });

  test('that was answered, and given up by a new message all the same, is not run', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const toolManager = managerOf(payTool(paid));
    await begin(house, scriptedModel([{ toolCalls: [pay('bob')] }]), { toolManager });
    await answerAll(house.restart());
    const inputMessages = [{ role: 'user', content: 'Forget it.' }] as const;
    await goOn(house, scriptedModel(['Fine.']), { toolManager, inputMessages });
    expect(paid).toEqual([]);
  });

  test('has its answer in the run itself, where that comes while siblings still run', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const slow = notingTool(ran, {
      execute: async () => {
        // The call has been suspended by then: what was asked is durable.
        for (let round = 0; round < 20; round += 1) await house.agent.saveSession('s');
        expect(await answerAll(house.agent)).toHaveLength(1);
        ran.push('answered');
      },
    });
    const toolManager = managerOf(payTool(ran), slow);
    const model = scriptedModel([{ toolCalls: [pay('bob'), note('x')] }, 'Done.']);
    expect((await begin(house, model, { toolManager })).outcome).toMatchObject({ reason: 'done' });
    expect(ran).toEqual(['answered', 'bob 1']);
  });

  test('is not asked about by a run that is gone on with where somebody waits instead', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const toolManager = managerOf(payTool(paid));
    await begin(house, scriptedModel([{ toolCalls: [pay('bob')] }]), { toolManager });
    const agent = house.restart();
    const model = scriptedModel(['Done.']);
    const run = agent.runStream(
      house.options(model, { toolManager, sessionId: 's', inputMessages: [], whenApprovalNeeded: 'wait' }),
    );
    await run.begin();
    const reading = run.next();
    await answerAll(agent);
    await reading;
    for await (const _ of run);
    expect(paid).toEqual(['bob 1']);
  });
});
