import { describe, expect, test } from 'vitest';
import type { MessageChunk, SAgent } from '../../../src/index.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { bobsWords, runTree, textsOf } from './small-tree.ts';

describe('by the id of a child', () => {
  test('its status and its messages are told while it works, as far as it has come', async () => {
    await using house = await createHouse();
    const looks: Promise<unknown>[] = [];
    const { bob } = await runTree(house, ({ content, session_id }) => {
      if (content !== 'I am ') return;
      looks.push(house.agent.getSessionStatus(session_id), textsOf(house.agent, session_id));
    });
    expect(await Promise.all(looks)).toEqual(['running', [...bobsWords.slice(0, 3), 'I am ']]);
    expect(await house.agent.getSessionStatus(bob)).toBe('completed');
  });

  test.each<[string, (house: TestHouse) => Promise<SAgent>]>([
    ['at rest', async (house) => house.agent],
    ['after cleanupSession', async (house) => (await house.agent.cleanupSession('s'), house.agent)],
    ['to another agent', async (house) => house.restart()],
  ])('its messages, its trace and its tasks are told %s', async (_, agentOf) => {
    await using house = await createHouse();
    const { ann, bob } = await runTree(house);
    const agent = await agentOf(house);
    expect(await textsOf(agent, bob)).toEqual(bobsWords);
    expect(await textsOf(agent, 's')).toEqual(['Hello', '', expect.stringContaining('"results"'), 'Ok.', '']);
    expect((await agent.getMessages(bob))?.every(({ session_id }) => session_id === bob)).toBe(true);
    expect(await agent.getTasksStatus(bob)).toMatchObject([{ content: 'Look', status: 'completed' }]);
    expect(await agent.getTasksStatus(ann)).toEqual([]);
    const trace = await agent.getTrace(bob);
    expect(trace).toMatchObject({ agentMode: 'simple', attempts: 1, ended: { status: 'completed', reason: 'done' } });
    expect(trace?.steps.find(({ agent_key }) => agent_key === 'simple')).toEqual({
      path: expect.any(String),
      node_type: 'agent',
      agent_key: 'simple',
      entered_at: expect.any(Number),
      left_at: expect.any(Number),
      outcome: 'done',
    });
    expect(await agent.getTrace(ann)).toMatchObject({ agentMode: 'fibre' });
    expect(await agent.getTrace(bob, trace?.runId)).toEqual(trace);
    expect(await agent.getTrace(bob, 'no-run')).toBeUndefined();
  });

  test('an earlier run of it is found by its id', async () => {
    await using house = await createHouse();
    const { bob, ann } = await runTree(house);
    const first = await house.agent.getTrace(ann);
    const { entries } = await readSession(house.root, 's');
    const runs = entries.flatMap((entry) =>
      entry.type === 'run_started' && entry.session_id === ann ? [entry.run_id] : [],
    );
    expect(runs).toEqual([first?.runId]);
    expect(await house.agent.getTrace(bob, first?.runId)).toBeUndefined();
  });

  test('those who work for it are listed, with what they work as and for which call', async () => {
    await using house = await createHouse();
    const { ann, bob, messages } = await runTree(house);
    const callOf = (session: string) =>
      messages.find(({ session_id, message_type }) => session_id === session && message_type === 'tool_call')
        ?.message_id;
    const listed = [
      {
        sessionId: ann,
        parentId: 's',
        agentId: 'Ann',
        agentName: 'Ann',
        status: 'completed',
        result: { status: 'completed', reason: 'done' },
        call: { messageId: callOf('s'), index: 0 },
      },
      {
        sessionId: bob,
        parentId: ann,
        agentId: 'Bob',
        agentName: 'Bob',
        status: 'completed',
        result: { status: 'completed', reason: 'done' },
        call: { messageId: callOf(ann), index: 0 },
      },
    ];
    for (const agent of [house.agent, house.restart()]) {
      expect(await agent.listChildren('s')).toEqual(listed);
      expect(await agent.listChildren(ann)).toEqual(listed.slice(1));
      expect(await agent.listChildren(bob)).toEqual([]);
      expect(await agent.listChildren('nobody')).toBeUndefined();
    }
  });

  test('it is followed, live and at rest: its own chunks, for as long as its tree runs', async () => {
    await using house = await createHouse();
    const followed: Promise<MessageChunk[]>[] = [];
    const follow = async (agent: SAgent, sessionId: string, afterSeq = 0) => {
      const seen: MessageChunk[] = [];
      for await (const batch of agent.followSession(sessionId, { afterSeq })) seen.push(...batch);
      return seen;
    };
    const { bob, chunks } = await runTree(house, ({ content, session_id }) => {
      if (content === 'I am ') followed.push(follow(house.agent, session_id));
    });
    const own = chunks.filter(({ session_id }) => session_id === bob);
    expect(own.length).toBeGreaterThan(5);
    expect(await Promise.all(followed)).toEqual([own]);
    expect(await follow(house.agent, bob)).toEqual(own);
    expect(await follow(house.restart(), bob, own[3]?.seq)).toEqual(own.slice(4));
  });

  test('it is saved with its tree', async () => {
    await using house = await createHouse();
    const { bob } = await runTree(house);
    expect([await house.agent.saveSession(bob), await house.agent.saveSession('nobody')]).toEqual([true, false]);
  });

  test('it is not among the sessions that run, which are roots', async () => {
    await using house = await createHouse();
    const active: string[] = [];
    await runTree(house, ({ content }) => {
      if (content === 'I am ') active.push(...house.agent.listActiveSessions().map(({ sessionId }) => sessionId));
    });
    expect(active).toEqual(['s']);
  });
});
