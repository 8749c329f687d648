import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { SAgent } from 'sagents';
import { record, scriptedModel, stall } from 'sagents/testing';
import { createGate } from './gate.ts';
import { Provider } from './provider.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim } from './victim-process.ts';

const sessionId = 's';
const hello = (root: string, answers: string[] = ['Hi.']) =>
  runOptions({ root, sessionId, input: 'Hello?', model: scriptedModel(answers) });

test('a second run in the same process is refused at once, and the first goes on unharmed', async () => {
  using root = new TemporaryRoot();
  await using agent = new SAgent({ sessionRootSpace: root.path });
  const gate = createGate();
  const first = record(agent.runStream({ ...hello(root.path), model: scriptedModel([gate.answer]) }));
  await gate.reached;

  const second = agent.runStream(hello(root.path, []));
  const busy = { code: 'session-busy', facts: { sessionId } };
  await expect(second.next()).rejects.toMatchObject(busy);
  await expect(second.outcome).rejects.toMatchObject(busy);
  expect(agent.listActiveSessions()).toMatchObject([{ sessionId, status: 'running' }]);
  gate.open();
  expect(await first).toMatchObject({ text: 'one two three four', outcome: { status: 'completed' } });

  expect(await record(agent.runStream(hello(root.path)))).toMatchObject({ text: 'Hi.' });
  const texts = (await agent.getMessages(sessionId))?.map(({ content }) => content);
  expect(texts).toEqual(['Hello?', 'one two three four', '', 'Hello?', 'Hi.', '']);
});

describe('a run in another process', () => {
  test('goes on unharmed, while here the session is busy and its owner is named', async () => {
    using root = new TemporaryRoot();
    const gate = createGate();
    await using provider = await Provider.start([gate.answer]);
    await using owner = new Victim({ root: root.path, sessionId, input: 'Go.', provider: provider.url });
    await gate.reached;

    await using agent = new SAgent({ sessionRootSpace: root.path });
    await expectBusy(agent, root.path, owner);
    expect(await agent.getSessionStatus(sessionId)).toBe('running');
    gate.open();
    await owner.ended();
    expect(owner.end).toMatchObject({ outcome: { status: 'completed' } });
    expect(await agent.getSessionStatus(sessionId)).toBe('completed');
    expect(await record(agent.runStream(hello(root.path)))).toMatchObject({ text: 'Hi.' });
  });

  test('that was killed leaves the session free at once', async () => {
    using root = new TemporaryRoot();
    await using provider = await Provider.start([{ text: ['one ', 'two '], at: { 2: stall } }]);
    await using owner = new Victim({ root: root.path, sessionId, input: 'Go.', provider: provider.url });
    await owner.until(({ chunks }) => chunks.length === 2);
    await using agent = new SAgent({ sessionRootSpace: root.path });
    await expectBusy(agent, root.path, owner);

    await owner.kill();
    expect(await agent.getSessionStatus(sessionId)).toBe('interrupted');
    expect(await record(agent.runStream(hello(root.path)))).toMatchObject({ text: 'Hi.' });
  });

  test('that was stopped, and may wake, keeps the session until it is killed', async () => {
    using root = new TemporaryRoot();
    await using provider = await Provider.start([{ text: ['one ', 'two '], at: { 2: stall } }]);
    await using owner = new Victim({ root: root.path, sessionId, input: 'Go.', provider: provider.url });
    await owner.until(({ chunks }) => chunks.length === 2);
    owner.signal('SIGSTOP');
    await vi.waitUntil(() => readFileSync(`/proc/${owner.pid}/stat`, 'latin1').includes(') T '), { interval: 1 });
    await using agent = new SAgent({ sessionRootSpace: root.path });
    await expectBusy(agent, root.path, owner);
    expect(await agent.getSessionStatus(sessionId)).toBe('running');

    await owner.kill();
    expect(await record(agent.runStream(hello(root.path)))).toMatchObject({ text: 'Hi.' });
  });
});

async function expectBusy(agent: SAgent, root: string, owner: Victim): Promise<void> {
  const run = agent.runStream(hello(root, []));
  const busy = { code: 'session-busy', facts: { sessionId, owner: `process ${owner.pid} on ${hostname()}` } };
  await expect(run.next()).rejects.toMatchObject(busy);
  await expect(run.outcome).rejects.toMatchObject(busy);
}
