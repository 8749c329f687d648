import { expect, test } from 'vitest';
import { SAgent } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { createGate } from './gate.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';

const hello = (root: string, sessionId: string) =>
  runOptions({ root, sessionId, input: `Hello ${sessionId}?`, model: scriptedModel(['Hi.']) });

test('two agents with two roots share nothing: both run a session of the same id at once', async () => {
  using here = new TemporaryRoot();
  using there = new TemporaryRoot();
  await using one = new SAgent({ sessionRootSpace: here.path });
  await using two = new SAgent({ sessionRootSpace: there.path });
  const gate = createGate();
  const first = record(one.runStream({ ...hello(here.path, 's'), model: scriptedModel([gate.answer]) }));
  await gate.reached;

  expect(two.listActiveSessions()).toEqual([]);
  expect(await two.getSessionStatus('s')).toBeUndefined();
  expect(await two.getMessages('s')).toBeUndefined();
  expect(await two.interruptSession('s')).toBe(false);
  await expect(two.injectUserMessage('s', 'Psst.')).rejects.toMatchObject({ code: 'session-not-live' });
  expect(await record(two.runStream(hello(there.path, 's')))).toMatchObject({ text: 'Hi.' });
  expect(await two.deleteSession('s')).toBe(true);
  await two.close();

  gate.open();
  expect(await first).toMatchObject({ text: 'one two three four', outcome: { status: 'completed' } });
  expect((await one.getMessages('s'))?.map(({ content }) => content)).toEqual(['Hello s?', 'one two three four', '']);
});

test('two agents with one root exclude each other from a session, and from no other', async () => {
  using root = new TemporaryRoot();
  await using one = new SAgent({ sessionRootSpace: root.path });
  await using two = new SAgent({ sessionRootSpace: root.path });
  const gate = createGate();
  const first = record(one.runStream({ ...hello(root.path, 's'), model: scriptedModel([gate.answer]) }));
  await gate.reached;

  const busy = {
    code: 'session-busy',
    facts: { sessionId: 's', owner: expect.stringContaining(`process ${process.pid} `) },
  };
  await expect(two.runStream(hello(root.path, 's')).next()).rejects.toMatchObject(busy);
  await expect(two.deleteSession('s')).rejects.toMatchObject({ code: 'session-busy' });
  await expect(two.injectUserMessage('s', 'Psst.')).rejects.toMatchObject({ code: 'session-not-live' });
  expect(await two.getSessionStatus('s')).toBe('running');
  expect(await record(two.runStream(hello(root.path, 'other')))).toMatchObject({ text: 'Hi.' });

  gate.open();
  expect(await first).toMatchObject({ text: 'one two three four', outcome: { status: 'completed' } });
  expect(await record(two.runStream(hello(root.path, 's')))).toMatchObject({ text: 'Hi.' });
  expect(await record(one.runStream(hello(root.path, 's')))).toMatchObject({ text: 'Hi.' });
  const texts = (await one.getMessages('s'))?.map(({ content }) => content).filter((content) => content !== '');
  expect(texts).toEqual(['Hello s?', 'one two three four', 'Hello s?', 'Hi.', 'Hello s?', 'Hi.']);
});
