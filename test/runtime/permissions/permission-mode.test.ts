import { describe, expect, test } from 'vitest';
import { defineTool, textOf } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf } from '../../support/tools.ts';

const pay = defineTool({ name: 'pay', description: 'Pays.', execute: () => 'paid' });
const book = defineTool({ name: 'book', description: 'Books.', approval: 'ask', execute: () => 'booked' });
const toolManager = managerOf(pay, book);

const results = ({ messages }: Awaited<ReturnType<typeof record>>) =>
  messages.filter(({ role }) => role === 'tool').map(textOf);

describe('setPermissionMode', () => {
  test('holds from the next call of a run on, and not for the next run', async () => {
    await using house = await createHouse();
    const model = scriptedModel([
      call('pay'),
      async () => {
        await house.agent.setPermissionMode('s', 'read-only');
        return call('pay');
      },
      'Ok.',
    ]);
    const first = results(await record(house.run(model, { toolManager, sessionId: 's' })));
    expect(first[0]).toBe('paid');
    expect(first[1]).toContain('PERMISSION_DENIED');
    const again = scriptedModel([call('pay'), 'Ok.']);
    expect(results(await record(house.run(again, { toolManager, sessionId: 's' })))).toEqual(['paid']);
  });

  test('holds for a run that waits, when that is continued', async () => {
    await using house = await createHouse();
    const options = { toolManager, sessionId: 's', whenApprovalNeeded: 'suspend' } as const;
    const waiting = await record(house.run(scriptedModel([call('book')]), options));
    expect(waiting.outcome.status).toBe('waiting');
    const [pending] = await house.agent.listPendingConfirmations('s');
    await house.agent.setPermissionMode('s', 'read-only');
    await house.agent.answerConfirmation('s', pending?.confirmation_id ?? '', { decision: 'allow-once', by: 'ada' });
    const model = scriptedModel(['Then not.']);
    const { outcome } = await record(house.run(model, { ...options, inputMessages: [] }));
    expect(outcome.reason).toBe('done');
    // What a person allows does not go beyond the rules.
    expect(String(model.requests[0]?.messages.at(-1)?.content)).toContain('PERMISSION_DENIED');
  });

  test('is refused for a session that neither runs nor waits, and for no mode', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(['Hi']), { sessionId: 's' }));
    await expect(house.agent.setPermissionMode('s', 'plan')).rejects.toMatchObject({ code: 'session-not-live' });
    await expect(house.agent.setPermissionMode('s', 'all' as 'plan')).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});

test("a tool of the host's is not let pass for having the name of one of the runtime's", async () => {
  await using house = await createHouse();
  const named = managerOf(defineTool({ name: 'sys_finish_task', description: 'Writes.', execute: () => 'written' }));
  const model = scriptedModel([call('sys_finish_task'), 'Ok.']);
  const run = house.run(model, { toolManager: named, sessionId: 's', permissions: { mode: 'read-only' } });
  expect(results(await record(run))).toEqual([expect.stringContaining('PERMISSION_DENIED')]);
});
