import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SAgent } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { createRandom } from './random.ts';
import { plantJournal, recordRun } from './recorded-run.ts';
import { linesOf } from './rules.ts';
import { runOptions } from './run-options.ts';
import { TemporaryRoot } from './temporary-root.ts';

test('a bit flipped before the last lines is damage: the session is refused, and left as it is', async () => {
  using root = new TemporaryRoot();
  const { journal } = await recordRun(root.path);
  const random = createRandom(1);
  const lines = linesOf(journal);
  for (const [index, { start, end }] of lines.slice(0, -2).entries()) {
    const sessionId = `line-${index}`;
    const bit = start * 8 + Math.floor(random() * (end - start) * 8);
    const path = plantJournal(root.path, sessionId, flip(journal, bit));
    const damage = { code: 'journal-damaged', facts: { sessionId, offset: start } };

    await using agent = new SAgent({ sessionRootSpace: root.path });
    await expect(agent.getMessages(sessionId), `bit ${bit}`).rejects.toMatchObject(damage);
    await expect(agent.getSessionStatus(sessionId)).rejects.toMatchObject(damage);
    await expect(agent.followSession(sessionId).next()).rejects.toMatchObject(damage);
    const model = scriptedModel([]);
    const run = agent.runStream(runOptions({ root: root.path, sessionId, input: 'Still there?', model }));
    await expect(run.next()).rejects.toMatchObject(damage);
    await expect(run.outcome).rejects.toMatchObject(damage);
    expect(readFileSync(path)).toEqual(flip(journal, bit));
  }
});

test('a bit flipped in the last line tears it off: it is kept aside, and the session goes on without it', async () => {
  using root = new TemporaryRoot();
  const { journal, story } = await recordRun(root.path);
  const last = linesOf(journal).at(-1) ?? { start: 0, end: 0 };
  for (let byte = last.start; byte < last.end; byte += 1) {
    const sessionId = `byte-${byte}`;
    const flipped = flip(journal, byte * 8 + (byte % 8));
    const path = plantJournal(root.path, sessionId, flipped);

    await using agent = new SAgent({ sessionRootSpace: root.path });
    expect(await agent.getSessionStatus(sessionId)).toBe('interrupted');
    const model = scriptedModel(['Yes.']);
    const options = runOptions({ root: root.path, sessionId, input: 'Still there?', model });
    expect(await record(agent.runStream(options))).toMatchObject({ text: 'Yes.', outcome: { status: 'completed' } });
    expect(readFileSync(`${path}.torn.1`)).toEqual(flipped.subarray(last.start));
    expect((await agent.getMessages(sessionId))?.slice(0, story.length - 1)).toEqual(
      story.slice(0, -1).map((message) => ({ ...message, session_id: sessionId })),
    );
  }
  expect(existsSync(root.file('recorded', 'journal.jsonl.torn.1'))).toBe(false);
});

function flip(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}
