import { describe, expect, test } from 'vitest';
import { textOf, type ChildSession, type SAgent } from '../../../src/index.ts';
import { record, scriptedModel, scriptedTeam } from '../../../src/testing/index.ts';
import { asked, closed, no, pay, payTool, readAsked, refusedAs, yes } from '../../support/asking.ts';
import { callStatuses, readSession } from '../../support/journal.ts';
import { answerAll, begin, goOn, note, notingTool, waits } from '../../support/suspending.ts';
import { delegate, member, team } from '../../support/team.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

const statusesOf = async (agent: SAgent): Promise<string[]> =>
  ((await agent.listChildren('s')) ?? []).map(({ agentId, status }: ChildSession) => `${agentId} ${status}`);

/** Resolves when somebody below is asked about, and waits no more. */
async function untilAsked(agent: SAgent): Promise<void> {
  while (!(await statusesOf(agent)).includes('clerk waiting')) await agent.saveSession('s');
}

const delegated = { toolCalls: [delegate('clerk', 'scout')] };

describe('a child that waits for a person', () => {
  test('is asked about once, at the root, and goes on alone: what its siblings did is kept', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const more = { ...team(member('clerk'), member('scout')), toolManager: managerOf(payTool(ran), notingTool(ran)) };
    const model = scriptedTeam({
      'You lead.': [delegated],
      'You are clerk.': [{ toolCalls: [pay('bob')] }],
      // The sibling is at work long after the other was suspended.
      'You are scout.': [{ toolCalls: [note('1')] }, { toolCalls: [note('2')] }, 'Scouted.'],
    });
    const first = await begin(house, model, more);
    expect(first.outcome).toMatchObject(waits);
    expect(ran).toEqual(['1', '2']);
    expect(await statusesOf(house.agent)).toEqual(['clerk waiting', 'scout completed']);
    expect(asked(first.chunks)).toHaveLength(1);
    // The call that delegates has no result meanwhile.
    expect(callStatuses(await readSession(house.root, 's'))).toEqual([]);

    const [pending, ...others] = await house.agent.listPendingConfirmations('s');
    expect(others).toEqual([]);
    const child = pending?.session_id ?? '';
    expect(child).not.toBe('s');
    expect(await house.agent.listPendingConfirmations(child)).toEqual([pending]);
    await house.restart().answerConfirmation('s', pending?.confirmation_id ?? '', yes);
    const again = scriptedTeam({ 'You lead.': ['All done.'], 'You are clerk.': ['Paid.'] });
    const second = await goOn(house, again, more);
    expect(second.outcome).toMatchObject({ reason: 'done', runId: first.outcome.runId });
    expect(ran).toEqual(['1', '2', 'bob 1']);
    const results = textOf(second.messages.find(({ role, session_id }) => role === 'tool' && session_id === 's') ?? {});
    expect(JSON.parse(results)).toMatchObject({ results: [{ result: 'Paid.' }, { result: 'Scouted.' }] });
    expect(again.members['You are clerk.'].requests[0]?.messages.at(-1)).toMatchObject({ content: 'paid bob' });
    expect((await readSession(house.root, 's')).state.children.map(({ lastRun }) => lastRun?.attempt)).toEqual([1, 1]);
  });

  test('may be answered by its own id, and by no sibling', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const more = { ...team(member('clerk'), member('scout')), toolManager: managerOf(payTool(paid)) };
    const model = scriptedTeam({
      'You lead.': [delegated],
      'You are clerk.': [{ toolCalls: [pay('a')] }],
      'You are scout.': [{ toolCalls: [pay('b')] }],
    });
    expect((await begin(house, model, more)).outcome).toMatchObject(waits);
    const [one, other] = await house.agent.listPendingConfirmations('s');
    const { session_id = '', confirmation_id: id = '' } = one ?? {};
    const wrong = house.agent.answerConfirmation(other?.session_id ?? '', id, yes);
    await expect(wrong).rejects.toMatchObject(refusedAs('unknown'));
    await house.restart().answerConfirmation(session_id, id, yes);
    const again = scriptedTeam({ 'You lead.': [], 'You are clerk.': ['Paid.'], 'You are scout.': [] });
    expect((await goOn(house, again, more)).outcome).toMatchObject(waits);
    expect(paid).toEqual(['a 1']);
    expect(await statusesOf(house.restart())).toEqual(['clerk completed', 'scout waiting']);
  });

  test('is answered while its siblings work, and goes on in the same run', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const scouting = notingTool(ran, {
      execute: async () => {
        await untilAsked(house.agent);
        await answerAll(house.agent);
        ran.push('answered');
      },
    });
    const more = { ...team(member('clerk'), member('scout')), toolManager: managerOf(payTool(ran), scouting) };
    const model = scriptedTeam({
      'You lead.': [delegated, 'All done.'],
      'You are clerk.': [{ toolCalls: [pay('bob')] }, 'Paid.'],
      'You are scout.': [{ toolCalls: [note('x')] }, 'Scouted.'],
    });
    const { outcome } = await begin(house, model, more);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(ran).toEqual(['answered', 'bob 1']);
  });

  test('three levels down is asked about at the root, and goes on there', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const more = {
      ...team(member('chief', { agent_mode: 'fibre' }), member('clerk')),
      toolManager: managerOf(payTool(paid)),
      limits: { maxToolCalls: 3 },
    };
    const model = scriptedTeam({
      'You lead.': [{ toolCalls: [delegate('chief')] }],
      'You are chief.': [{ toolCalls: [delegate('clerk')] }],
      'You are clerk.': [{ toolCalls: [pay('bob')] }],
    });
    expect((await begin(house, model, more)).outcome).toMatchObject(waits);
    expect(await house.agent.listPendingConfirmations('s')).toHaveLength(1);
    // Gone on with in vain: nothing of it counts against the limits again.
    const none = scriptedTeam({ 'You lead.': [], 'You are chief.': [], 'You are clerk.': [] });
    expect((await goOn(house, none, more)).outcome).toMatchObject(waits);
    await answerAll(house.restart());
    const again = scriptedTeam({ 'You lead.': ['So.'], 'You are chief.': ['Told.'], 'You are clerk.': ['Paid.'] });
    expect((await goOn(house, again, more)).outcome).toMatchObject({ reason: 'done' });
    expect(paid).toEqual(['bob 1']);
  });
});

test('a delegation that goes on needs no tool call of what is left', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const more = {
    ...team(member('clerk'), member('scout')),
    toolManager: managerOf(payTool(paid)),
    limits: { maxToolCalls: 3 },
  };
  const model = scriptedTeam({
    'You lead.': [{ toolCalls: [delegate('clerk'), delegate('scout')] }],
    'You are clerk.': [{ toolCalls: [pay('a')] }],
    'You are scout.': [{ toolCalls: [pay('b')] }],
  });
  expect((await begin(house, model, more)).outcome).toMatchObject(waits);
  await answerAll(house.restart(), [yes, no]);
  const again = scriptedTeam({ 'You lead.': ['So.'], 'You are clerk.': ['Paid.'], 'You are scout.': ['Not.'] });
  expect((await goOn(house, again, more)).outcome).toMatchObject({ reason: 'done' });
  expect(paid).toEqual(['a 1']);
});

describe('a child whose person has not answered', () => {
  test('is given up with the run when that is interrupted', async () => {
    await using house = await createHouse();
    const stop = notingTool([], {
      execute: async () => {
        await untilAsked(house.agent);
        void house.agent.interruptSession('s');
      },
    });
    const more = { ...team(member('clerk'), member('scout')), toolManager: managerOf(payTool([]), stop) };
    const model = scriptedTeam({
      'You lead.': [delegated],
      'You are clerk.': [{ toolCalls: [pay('bob')] }],
      'You are scout.': [{ toolCalls: [note('x')] }],
    });
    const { outcome } = await begin(house, model, more);
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'interrupted' });
    expect(await house.agent.listPendingConfirmations('s')).toEqual([]);
    expect(await statusesOf(house.agent)).toEqual(['clerk interrupted', 'scout interrupted']);
    expect(closed((await readSession(house.root, 's')).chunks)).toEqual(['dropped']);
  });

  test('is given up by a new message, and so are those it works for', async () => {
    await using house = await createHouse();
    const more = {
      ...team(member('chief', { agent_mode: 'fibre' }), member('clerk')),
      toolManager: managerOf(payTool([])),
    };
    const model = scriptedTeam({
      'You lead.': [{ toolCalls: [delegate('chief')] }],
      'You are chief.': [{ toolCalls: [delegate('clerk')] }],
      'You are clerk.': [{ toolCalls: [pay('bob')] }],
    });
    await begin(house, model, more);
    const inputMessages = [{ role: 'user', content: 'Forget it.' }] as const;
    const { outcome } = await goOn(house, scriptedModel(['Fine.']), { ...more, inputMessages });
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(await statusesOf(house.restart())).toEqual(['chief interrupted', 'clerk interrupted']);
    expect(await house.restart().listPendingConfirmations('s')).toEqual([]);
  });

  test('is given up where whoever delegated is stopped alone', async () => {
    await using house = await createHouse();
    const stop = notingTool([], {
      execute: async (_, { sessionId }) => {
        await untilAsked(house.agent);
        void house.agent.interruptSession(sessionId, 'Enough.');
      },
    });
    const more = {
      ...team(member('chief', { agent_mode: 'fibre' }), member('clerk')),
      toolManager: managerOf(payTool([]), stop),
    };
    const model = scriptedTeam({
      'You lead.': [
        { toolCalls: [delegate('chief')] },
        async () => {
          expect(await house.agent.listPendingConfirmations('s')).toEqual([]);
          return 'So be it.';
        },
      ],
      'You are chief.': [{ toolCalls: [delegate('clerk'), note('x')] }],
      'You are clerk.': [{ toolCalls: [pay('bob')] }],
    });
    const { outcome } = await begin(house, model, more);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(await statusesOf(house.agent)).toEqual(['chief interrupted', 'clerk interrupted']);
    expect(await house.agent.listPendingConfirmations('s')).toEqual([]);
  });
});

test('a child that waits while its run does not is answered there', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const model = scriptedTeam({
    'You lead.': [{ toolCalls: [delegate('clerk')] }, 'So.'],
    'You are clerk.': [{ toolCalls: [pay('bob')] }, 'Paid.'],
  });
  const run = house.run(model, {
    ...team(member('clerk')),
    toolManager: managerOf(payTool(paid)),
    whenApprovalNeeded: 'wait',
  });
  await readAsked(run, ({ confirmation_id: id }) => house.agent.answerConfirmation('s', id, yes));
  expect(await run.outcome).toMatchObject({ reason: 'done' });
  expect(paid).toEqual(['bob 1']);
  await record(house.run(scriptedModel(['Hi.']), { sessionId: 's' }));
});
