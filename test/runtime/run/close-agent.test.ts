import { describe, expect, test } from 'vitest';
import { scriptedModel, stall } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, managerOf, newLog, waitingTool } from '../../support/tools.ts';

describe('close()', () => {
  test('stops every run, whoever drives it, and resolves when all have ended', async () => {
    await using house = await createHouse();
    using strays = watchStrays();
    const log = newLog();
    const begun = Promise.withResolvers<void>();
    const toolManager = managerOf(waitingTool(log, { onStart: begun.resolve }));
    const { done: atWork } = await house.agent.startRun(
      house.options(scriptedModel([call('wait')]), { toolManager, sessionId: 'at-work' }),
    );
    const silent = scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]);
    const { done: silence } = await house.agent.startRun(house.options(silent, { sessionId: 'silent' }));
    const parked = house.run(scriptedModel([{ text: ['a', 'b'] }]), { sessionId: 'parked' });
    await parked.next();
    await begun.promise;
    const opening = house.run(scriptedModel([]), { sessionId: 'opening' });
    const first = opening.next();

    await house.agent.close();
    expect(house.agent.listActiveSessions()).toEqual([]);
    const outcomes = await Promise.all([atWork, silence, parked.outcome, opening.outcome]);
    expect(outcomes.map(({ reason }) => reason)).toEqual(Array.from(outcomes, () => 'interrupted'));
    expect(log).toEqual({ started: 1, finished: 1, aborted: [true] });
    for (const { sessionId } of outcomes) expectAtRest(await readSession(house.root, sessionId));
    await first;
    expect(await strays.look()).toEqual(nothing);
  });

  test('may be called twice, and by leaving a scope', async () => {
    await using house = await createHouse();
    await using _agent = house.agent;
    await house.agent.close();
    expect(await house.agent.close()).toBeUndefined();
  });

  test('ends the following of a session', async () => {
    await using house = await createHouse();
    const silent = scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]);
    await house.agent.startRun(house.options(silent, { sessionId: 's' }));
    const types: unknown[] = [];
    for await (const batch of house.agent.followSession('s')) {
      types.push(...batch.map(({ message_type }) => message_type));
      if (types.includes('assistant_text') && !types.includes('token_usage')) void house.agent.close();
    }
    expect(types.at(-1)).toBe('token_usage');
  });

  test('afterwards a run is refused with what to do', async () => {
    await using house = await createHouse();
    await house.agent.close();
    const run = house.run(scriptedModel([]));
    await expect(run.next()).rejects.toMatchObject({ code: 'store-failed' });
  });
});
