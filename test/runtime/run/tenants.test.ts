import { describe, expect, test } from 'vitest';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';

const hers = { tenantId: 'hers', userId: 'ann', sessionId: 's' };

describe('a session of another tenant', () => {
  test('is not found by a run, which writes nothing', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(['Hi']), hers));
    const before = await house.agent.getMessages('s');
    const model = scriptedModel([]);
    for (const inputMessages of [[], [{ role: 'user', content: 'Mine!' }]] as const) {
      const run = house.run(model, { sessionId: 's', tenantId: 'his', inputMessages });
      await expect(run.next()).rejects.toMatchObject({ code: 'session-not-found' });
    }
    expect(await house.agent.getMessages('s')).toEqual(before);
    expect(model.requests).toEqual([]);
  });

  test('is as unknown to a tenant’s helpers as one that does not exist, at rest and live', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), hers);
    const his = house.agent.forTenant('his');
    const look = async (sessionId: string) => ({
      status: await his.getSessionStatus(sessionId),
      messages: await his.getMessages(sessionId),
      active: his.listActiveSessions(),
      follow: await his.followSession(sessionId).next().catch(codeOf),
      inject: await his.injectUserMessage(sessionId, 'Hi').catch(codeOf),
      pending: await his.listPendingUserInjections(sessionId),
      update: await his.updatePendingUserInjection(sessionId, 'g', 'Hi'),
      delete: await his.deletePendingUserInjection(sessionId, 'g'),
      interrupt: await his.interruptSession(sessionId),
      cleanup: await his.cleanupSession(sessionId),
      remove: await his.deleteSession(sessionId),
      save: await his.saveSession(sessionId),
    });
    await run.next();
    await house.agent.injectUserMessage('s', 'Hi', { guidanceId: 'g' });
    const unknown = await look('nobody');
    expect(await look('s')).toEqual(unknown);
    expect(unknown).toMatchObject({ follow: 'session-not-found', inject: 'session-not-live', interrupt: false });
    await run.return();
    expect(await look('s')).toEqual(unknown);
    expect(await house.agent.listPendingUserInjections('s')).toHaveLength(1);
  });
});

describe('a session', () => {
  test('is open to its own tenant, and to the host, who sees all', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(['Hi']), hers));
    const model = scriptedModel(['Hi again', 'And again']);
    expect((await record(house.run(model, hers))).outcome).toMatchObject({ reason: 'done' });
    expect((await record(house.run(model, { sessionId: 's' }))).outcome).toMatchObject({ reason: 'done' });
    expect(await house.agent.forTenant('hers').getSessionStatus('s')).toBe('completed');
    expect(await house.agent.getMessages('s')).toHaveLength(9);
  });

  test('that was made without a tenant belongs to none', async () => {
    await using house = await createHouse();
    await record(house.run(scriptedModel(['Hi']), { sessionId: 's' }));
    const run = house.run(scriptedModel([]), hers);
    await expect(run.next()).rejects.toMatchObject({ code: 'session-not-found' });
  });

  test('of another tenant is not told to be busy, here or beside', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ text: ['a', 'b'] }]), hers);
    await run.next();
    const beside = house.restart();
    for (const agent of [house.agent, beside]) {
      const prying = agent.runStream(house.options(scriptedModel([]), { sessionId: 's', tenantId: 'his' }));
      await expect(prying.next()).rejects.toMatchObject({ code: 'session-not-found' });
      const own = agent.runStream(house.options(scriptedModel([]), hers));
      await expect(own.next()).rejects.toMatchObject({ code: 'session-busy' });
    }
    await run.return();
  });
});

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
