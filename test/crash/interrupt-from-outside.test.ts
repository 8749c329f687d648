import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SAgent } from 'sagents';
import { record, scriptedModel, stall } from 'sagents/testing';
import { createGate } from './gate.ts';
import { Provider } from './provider.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim } from './victim-process.ts';

const sessionId = 's';
const endless = { text: ['one ', 'two '], at: { 2: stall } };

async function runForEver(root: string): Promise<{ victim: Victim; provider: Provider }> {
  const provider = await Provider.start([endless]);
  const victim = new Victim({ root, sessionId, input: 'Go.', provider: provider.url });
  await victim.until(({ chunks }) => chunks.some(({ content }) => content === 'two '));
  return { victim, provider };
}

test('a run is interrupted from another process, which is told when it has ended', async () => {
  using root = new TemporaryRoot();
  const { victim, provider } = await runForEver(root.path);
  await using _victim = victim;
  await using _provider = provider;
  await using agent = new SAgent({ sessionRootSpace: root.path });
  // Two ask at once.
  expect(await Promise.all([agent.interruptSession(sessionId, 'Enough.'), agent.interruptSession(sessionId)])).toEqual([
    true,
    true,
  ]);
  expect(await agent.getSessionStatus(sessionId)).toBe('interrupted');
  await victim.ended();
  const outcome = { status: 'interrupted', reason: 'interrupted' };
  expect(victim.end).toMatchObject({ type: 'outcome', outcome });
  expect(await agent.interruptSession(sessionId)).toBe(false);
});

test('who waits for a process to stop its run learns that the process has died', async () => {
  using root = new TemporaryRoot();
  const { victim, provider } = await runForEver(root.path);
  await using _victim = victim;
  await using _provider = provider;
  victim.signal('SIGSTOP');
  await using agent = new SAgent({ sessionRootSpace: root.path });
  const asked = agent.interruptSession(sessionId);
  const inbox = root.file('~inbox');
  while (!existsSync(inbox) || !readdirSync(inbox).some((name) => name.endsWith('.json'))) await setTimeout(5);
  await victim.kill();
  expect(await asked).toBe(true);

  // What was asked of the dead run is not asked of the next one.
  const run = agent.runStream(
    runOptions({ root: root.path, sessionId, input: 'Again.', model: scriptedModel(['Hi.']) }),
  );
  expect(await record(run)).toMatchObject({ outcome: { reason: 'done' } });
});

test('an interrupt for a run that is over does not touch the one that follows', async () => {
  using root = new TemporaryRoot();
  await using one = new SAgent({ sessionRootSpace: root.path });
  await using two = new SAgent({ sessionRootSpace: root.path });
  const gate = createGate();
  const options = runOptions({ root: root.path, sessionId, input: 'Go.', model: scriptedModel([gate.answer]) });
  const first = record(one.runStream(options));
  await gate.reached;
  const asked = two.interruptSession(sessionId, 'From the other agent.');
  expect(await first).toMatchObject({ outcome: { reason: 'interrupted', note: 'From the other agent.' } });
  const next = record(one.runStream({ ...options, model: scriptedModel(['Hi.']) }));
  expect(await asked).toBe(true);
  expect(await next).toMatchObject({ outcome: { reason: 'done' } });
});

test('rubbish in the inbox is dropped, and stops nothing', async () => {
  using root = new TemporaryRoot();
  await using one = new SAgent({ sessionRootSpace: root.path });
  const gate = createGate();
  const options = runOptions({ root: root.path, sessionId, input: 'Go.', model: scriptedModel([gate.answer]) });
  const running = record(one.runStream(options));
  await gate.reached;
  const rubbish = [
    '',
    '{',
    'null',
    '7',
    '{"type":"interrupt"}',
    '{"type":"x","run_id":"r"}',
    `{"type":"interrupt","run_id":"other"}`,
  ];
  mkdirSync(root.file('~inbox'), { recursive: true });
  mkdirSync(root.file('~inbox', 'a~0.json'));
  mkdirSync(root.file('~inbox', `${sessionId}~.json`));
  for (const [place, text] of rubbish.entries()) writeFileSync(root.file('~inbox', `${sessionId}~${place}.json`), text);
  while (readdirSync(root.file('~inbox')).length > 2) await setTimeout(5);
  gate.open();
  expect(await running).toMatchObject({ outcome: { reason: 'done' } });
});
