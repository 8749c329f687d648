import { expect, test } from 'vitest';
import { defineTool, SAgent, ToolManager, type MessageChunk, type Run } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { disown } from './disown.ts';
import { createGate } from './gate.ts';
import { Provider } from './provider.ts';
import { entriesIn } from './rules.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim } from './victim-process.ts';

const sessionId = 's';
const lost = { code: 'session-lost', facts: { sessionId, epoch: 1 } };
const hello = (root: string) => runOptions({ root, sessionId, input: 'Hello?', model: scriptedModel(['Hi.']) });

test('an owner that was taken over while its model spoke stops before anything more is seen', async () => {
  using root = new TemporaryRoot();
  await using slow = new SAgent({ sessionRootSpace: root.path });
  const gate = createGate();
  const run = slow.runStream({ ...hello(root.path), model: scriptedModel([gate.answer]) });
  const seen: MessageChunk[] = [];
  const reading = readInto(seen, run);
  await gate.reached;
  await takeOver(root.path);
  const before = seen.length;

  gate.open();
  await expect(reading).rejects.toMatchObject(lost);
  await expect(run.outcome).rejects.toMatchObject(lost);
  expect(seen.length).toBe(before);
  expect(slow.listActiveSessions()).toEqual([]);
  await mustBeUnharmed(root.path);
});

test('an owner whose reader was away finds at its next pull that it was taken over', async () => {
  using root = new TemporaryRoot();
  await using slow = new SAgent({ sessionRootSpace: root.path });
  const run = slow.runStream({ ...hello(root.path), model: scriptedModel([{ text: ['one ', 'two '] }]) });
  await run.next();
  await takeOver(root.path);

  await expect(run.next()).rejects.toMatchObject(lost);
  await expect(run.outcome).rejects.toMatchObject(lost);
  await mustBeUnharmed(root.path);
});

test('an owner that was taken over while its tools ran stops them, and stores and starts nothing more', async () => {
  using root = new TemporaryRoot();
  await using slow = new SAgent({ sessionRootSpace: root.path });
  const bothRun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const quick = defineTool({ name: 'quick', description: 'Waits.', execute: () => goOn.promise });
  const long = defineTool({
    name: 'long',
    description: 'Runs until it is stopped.',
    execute(_, { signal }) {
      bothRun.resolve();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          stopped.resolve();
          resolve('stopped');
        });
      });
    },
  });
  const model = scriptedModel([{ toolCalls: [{ name: 'quick' }, { name: 'long' }] }]);
  const tools = new ToolManager({ tools: [quick, long] });
  const run = slow.runStream({ ...hello(root.path), model, toolManager: tools });
  const reading = readInto([], run);
  await bothRun.promise;
  await takeOver(root.path);

  goOn.resolve();
  await expect(reading).rejects.toMatchObject(lost);
  await expect(run.outcome).rejects.toMatchObject(lost);
  await stopped.promise;
  model.assertSpent();
  await mustBeUnharmed(root.path);
});

test('an owner in another process that was taken over says session-lost, and leaves nothing unhandled', async () => {
  using root = new TemporaryRoot();
  const gate = createGate();
  await using provider = await Provider.start([gate.answer]);
  await using slow = new Victim({ root: root.path, sessionId, input: 'Hello?', provider: provider.url });
  await slow.until(({ chunks }) => chunks.length === 2);
  await gate.reached;
  await takeOver(root.path);

  gate.open();
  await slow.ended();
  expect(slow.chunks.map(({ content }) => content)).toEqual(['one ', 'two ']);
  expect(slow.end).toMatchObject({ type: 'failed', code: 'session-lost' });
  await mustBeUnharmed(root.path);
});

async function takeOver(root: string): Promise<void> {
  disown(root, sessionId);
  await using agent = new SAgent({ sessionRootSpace: root });
  expect(await record(agent.runStream(hello(root)))).toMatchObject({ text: 'Hi.', outcome: { status: 'completed' } });
}

async function readInto(seen: MessageChunk[], run: Run): Promise<void> {
  for await (const chunks of run) seen.push(...chunks);
}

/** The new owner's story is the journal's last word, and goes on. */
async function mustBeUnharmed(root: string): Promise<void> {
  expect(entriesIn(`${root}/${sessionId}/journal.jsonl`).at(-1)).toMatchObject({ type: 'run_ended', reason: 'done' });
  await using agent = new SAgent({ sessionRootSpace: root });
  expect(await record(agent.runStream(hello(root)))).toMatchObject({ text: 'Hi.', outcome: { status: 'completed' } });
  const ends = entriesIn(`${root}/${sessionId}/journal.jsonl`).filter((entry) => entry.type === 'run_ended');
  expect(ends.map(({ reason }) => reason)).toEqual(['crashed', 'done', 'done']);
}
