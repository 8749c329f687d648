import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { MessageChunk, SAgent } from '../../../src/index.ts';
import { scriptedModel, stall } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

async function follow(agent: SAgent, sessionId: string, afterSeq?: number): Promise<MessageChunk[]> {
  const chunks: MessageChunk[] = [];
  const options = afterSeq === undefined ? {} : { afterSeq };
  for await (const batch of agent.followSession(sessionId, options)) chunks.push(...batch);
  return chunks;
}

test('a started run drives itself, and whoever follows it reads everything', async () => {
  await using house = await createHouse();
  const model = scriptedModel([echo('hi'), { text: ['Done', '.'] }]);
  const started = await house.agent.startRun(
    house.options(model, { sessionId: 's', toolManager: managerOf(echoTool()) }),
  );
  const chunks = await follow(house.agent, 's');
  const outcome = await started.done;
  expect(outcome).toMatchObject({ reason: 'done', sessionId: 's', runId: started.runId });
  expect(chunks).toEqual((await readSession(house.root, 's')).chunks);
  expect(chunks[0]).toMatchObject({ role: 'user', content: 'Hello' });
  expect(chunks.at(-1)).toMatchObject({ message_type: 'token_usage' });
  expect(await follow(house.agent, 's', chunks[2]?.seq)).toEqual(chunks.slice(3));
});

test('when startRun resolves the start and its input are stored', async () => {
  await using house = await createHouse();
  const { sessionId } = await house.agent.startRun(house.options(scriptedModel([{ text: 'Hi', at: { 0: stall } }])));
  const { entries, messages } = await readSession(house.root, sessionId);
  expect(entries.slice(0, 3).map(({ type }) => type)).toEqual(['journal', 'run_started', 'message']);
  expect(messages[0]).toMatchObject({ role: 'user', content: 'Hello' });
});

test('it goes on when its readers leave', async () => {
  await using house = await createHouse();
  const gate = Promise.withResolvers<void>();
  const model = scriptedModel([{ text: ['a', 'b'], at: { 1: () => gate.promise } }]);
  const { done } = await house.agent.startRun(house.options(model, { sessionId: 's' }));
  for await (const _ of house.agent.followSession('s')) break;
  gate.resolve();
  expect(await done).toMatchObject({ reason: 'done' });
});

describe('it is stopped', () => {
  test('by interruptSession, which resolves when it has ended', async () => {
    await using house = await createHouse();
    const { agent } = house;
    const { done } = await agent.startRun(
      house.options(scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]), { sessionId: 's' }),
    );
    expect(await agent.interruptSession('s')).toBe(true);
    expect(agent.listActiveSessions()).toEqual([]);
    expectAtRest(await readSession(house.root, 's'));
    expect(await done).toMatchObject({ status: 'interrupted', reason: 'interrupted' });
    expect(await agent.interruptSession('s')).toBe(false);
  });

  test('by its signal', async () => {
    await using house = await createHouse();
    const controller = new AbortController();
    const model = scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]);
    const { done } = await house.agent.startRun(house.options(model, { signal: controller.signal }));
    controller.abort();
    expect(await done).toMatchObject({ status: 'interrupted', reason: 'aborted' });
  });

  test('by totalMs', async () => {
    await using house = await createHouse();
    const model = scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]);
    const { done } = await house.agent.startRun(house.options(model, { deadlines: { totalMs: 40 } }));
    expect(await done).toMatchObject({ status: 'interrupted', reason: 'deadline' });
  });
});

test('interruptSession of an unknown session is false', async () => {
  await using house = await createHouse();
  expect(await house.agent.interruptSession('nobody')).toBe(false);
});

test('a start that is refused rejects, and its outcome is nobody’s unhandled rejection', async () => {
  await using house = await createHouse();
  using strays = watchStrays();
  const model = scriptedModel([{ text: ['a', 'b'], at: { 1: stall } }]);
  await house.agent.startRun(house.options(model, { sessionId: 's' }));
  await expect(house.agent.startRun(house.options(model, { sessionId: 's' }))).rejects.toMatchObject({
    code: 'session-busy',
  });
  await expect(house.agent.startRun(house.options(model, { inputMessages: [] }))).rejects.toMatchObject({
    code: 'session-not-found',
  });
  await turn();
  await house.agent.interruptSession('s');
  expect(await strays.look()).toEqual(nothing);
});
