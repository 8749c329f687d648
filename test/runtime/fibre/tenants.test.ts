import { describe, expect, test } from 'vitest';
import type { SAgent } from '../../../src/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { delegateTo, fibre, subAgents, teamOf, watch } from './team.ts';

describe('to another tenant', () => {
  test('neither a root nor its children are known, live and at rest', async () => {
    await using house = await createHouse();
    const look = async (agent: ReturnType<SAgent['forTenant']>, id: string) => ({
      status: await agent.getSessionStatus(id),
      messages: await agent.getMessages(id),
      children: await agent.listChildren(id),
      trace: await agent.getTrace(id),
      interrupt: await agent.interruptSession(id),
      cleanup: await agent.cleanupSession(id),
      remove: await agent.deleteSession(id),
      inject: await agent.injectUserMessage(id, 'Hi').catch(({ code }: { code: string }) => code),
      follow: await agent
        .followSession(id)
        .next()
        .catch(({ code }: { code: string }) => code),
    });
    const his = house.agent.forTenant('his');
    const unknown = await look(his, 'nobody');
    const looks: Promise<unknown>[] = [];
    const team = teamOf({ lead: [delegateTo('Bob'), 'Ok.'], Bob: [{ text: ['I am ', 'Bob.'] }] });
    const run = house.run(team, { ...fibre, customSubAgents: subAgents('Bob'), tenantId: 'hers' });
    let bob = '';
    const { outcome } = await watch(run, ({ content, session_id }) => {
      if (content !== 'I am ') return;
      bob = session_id;
      looks.push(look(his, 's'), look(his, bob));
    });
    expect(await Promise.all(looks)).toEqual([unknown, unknown]);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect([await look(his, 's'), await look(his, bob)]).toEqual([unknown, unknown]);
    expect(await house.agent.forTenant('hers').getSessionStatus(bob)).toBe('completed');
    const prying = house.run(teamOf({ lead: [] }), { ...fibre, sessionId: bob, tenantId: 'his' });
    await expect(prying.next()).rejects.toMatchObject({ code: 'session-not-found' });
  });
});
