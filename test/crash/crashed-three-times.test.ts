import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SAgent } from 'sagents';
import { record, scriptedModel, stall } from 'sagents/testing';
import { Provider } from './provider.ts';
import { entriesIn } from './rules.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim } from './victim-process.ts';

const sessionId = 's';

test('a run that crashed three times is not tried again, but a new message is answered', async () => {
  using root = new TemporaryRoot();
  const journal = root.file(sessionId, 'journal.jsonl');
  const poison = { text: ['one ', 'two '], at: { 2: stall } };
  await using provider = await Provider.start([poison, poison, poison]);
  for (const input of ['Go.', undefined, undefined]) {
    await using victim = new Victim({ root: root.path, sessionId, input, provider: provider.url });
    await victim.until(({ chunks }) => chunks.some(({ content }) => content === 'two '));
    await victim.kill();
  }
  const starts = entriesIn(journal).filter((entry) => entry.type === 'run_started');
  expect(starts).toMatchObject([1, 2, 3].map((attempt) => ({ run_id: starts[0]?.run_id, attempt })));

  const before = readFileSync(journal);
  await using agent = new SAgent({ sessionRootSpace: root.path });
  expect(await agent.getSessionStatus(sessionId)).toBe('interrupted');
  const fourth = agent.runStream(runOptions({ root: root.path, sessionId, model: scriptedModel([]) }));
  const refused = { code: 'invalid-argument', facts: { option: 'inputMessages' } };
  await expect(fourth.next()).rejects.toMatchObject(refused);
  await expect(fourth.outcome).rejects.toThrow(/crashed 3 times and is not tried again.*Give a message/);
  expect(readFileSync(journal)).toEqual(before);

  const model = scriptedModel(['Better now.']);
  const run = agent.runStream(runOptions({ root: root.path, sessionId, input: 'Leave it.', model }));
  expect(await record(run)).toMatchObject({ text: 'Better now.', outcome: { status: 'completed' } });
  const ends = entriesIn(journal).filter((entry) => entry.type === 'run_ended');
  expect(ends).toMatchObject([
    { run_id: starts[0]?.run_id, status: 'interrupted', reason: 'crashed' },
    { run_id: run.runId, status: 'completed', reason: 'done' },
  ]);
});
