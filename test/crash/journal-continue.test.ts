import { expect, test } from 'vitest';
import { SAgent, textOf, type Message } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { plantJournal, recordRun, shortStory } from './recorded-run.ts';
import { callsOf, linesOf } from './rules.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';

test('cut after any line, a run goes on from there: every call gets one result, and the answer is given', async () => {
  using root = new TemporaryRoot();
  const { journal } = await recordRun(root.path);
  for (const { end } of linesOf(journal).slice(0, -1)) {
    const ledger = await goOn(root.path, journal.subarray(0, end));
    expect(callsOf(ledger)).toHaveLength(2);
    expect(answersIn(ledger)).toContain('All done.');
  }
});

test('a run that died between its whole answer and its end does not answer again', async () => {
  using root = new TemporaryRoot();
  const { journal } = await recordRun(root.path);
  const closing = journal.indexOf('\n', journal.lastIndexOf('"type":"closed"')) + 1;
  expect(answersIn(await goOn(root.path, journal.subarray(0, closing)))).toEqual(['All done.']);
});

/** Continues what these bytes tell, and gives the ledger at the end. */
async function goOn(root: string, journal: Buffer): Promise<Message[]> {
  const sessionId = `cut-${journal.length}`;
  plantJournal(root, sessionId, journal);
  await using agent = new SAgent({ sessionRootSpace: root });
  const { outcome } = await record(agent.runStream(runOptions({ root, sessionId, model: scriptedModel(shortStory) })));
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done' });
  return (await agent.getMessages(sessionId, { includeHidden: true })) ?? [];
}

/** What was said to the end. */
function answersIn(ledger: readonly Message[]): string[] {
  const whole = ledger.filter(
    ({ metadata, message_type }) => message_type === 'assistant_text' && metadata === undefined,
  );
  return whole.map(textOf);
}
