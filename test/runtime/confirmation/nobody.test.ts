import { describe, expect, test } from 'vitest';
import { askUser } from '../../../src/index.ts';
import { record, scriptedModel, scriptedTeam } from '../../../src/testing/index.ts';
import { asked, pay, payTool, told } from '../../support/asking.ts';
import { callStatuses, readSession } from '../../support/journal.ts';
import { delegate, member, team } from '../../support/team.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf } from '../../support/tools.ts';

const denied =
  'Tool "pay" was not run. Tool "pay" asks before it is run. It needs approval, and nobody answers in this run.';

describe('a run in which nobody answers', () => {
  test('refuses what needs approval, asks nobody, and tells the model why', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const run = house.run(scriptedModel([{ toolCalls: [pay('bob')] }, 'Fine.']), {
      toolManager: managerOf(payTool(paid)),
      sessionId: 's',
    });
    const { chunks, outcome } = await record(run);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(asked(chunks)).toEqual([]);
    const stored = await readSession(house.root, 's');
    expect(told(stored.messages)).toEqual([denied]);
    expect(stored.entries.some(({ type }) => type === 'confirmation_requested')).toBe(false);
    expect(paid).toEqual([]);
  });

  test('refuses it in a child too', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const model = scriptedTeam({
      'You are clerk.': [{ toolCalls: [pay('bob')] }, 'I may not.'],
      'You lead.': [{ toolCalls: [delegate('clerk')] }, 'So.'],
    });
    const { messages } = await record(
      house.run(model, { ...team(member('clerk')), toolManager: managerOf(payTool(paid)) }),
    );
    expect(told(messages)[0]).toBe(denied);
    expect(paid).toEqual([]);
  });

  test('refuses a question, and has the model go on without an answer', async () => {
    await using house = await createHouse();
    const model = scriptedModel([call('ask_user', { question: 'Red or blue?' }), 'Red, I assume.']);
    const toolManager = managerOf(askUser);
    await record(house.run(model, { toolManager, sessionId: 's' }));
    const stored = await readSession(house.root, 's');
    expect(callStatuses(stored)).toEqual(['error']);
    expect(told(stored.messages)).toEqual([
      'Tool "ask_user" was not run. Nobody answers questions in this run. Go on without, and say what you assumed.',
    ]);
  });

  test('gives up what an earlier attempt has asked', async () => {
    await using house = await createHouse();
    const toolManager = managerOf(payTool([]));
    await record(
      house.run(scriptedModel([{ toolCalls: [pay('bob')] }]), {
        toolManager,
        sessionId: 's',
        whenApprovalNeeded: 'suspend',
      }),
    );
    expect(await house.agent.listPendingConfirmations('s')).toHaveLength(1);
    const model = scriptedModel([
      async () => {
        expect(await house.agent.listPendingConfirmations('s')).toEqual([]);
        return 'Fine.';
      },
    ]);
    const { outcome } = await record(house.run(model, { toolManager, sessionId: 's', inputMessages: [] }));
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(told((await readSession(house.root, 's')).messages)).toEqual([denied]);
  });
});
