import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../../src/index.ts';
import { encodeLine } from '../../../src/session/file-store/record-line.ts';
import type { JournalRecord } from '../../../src/session/session-store.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { asked, closed, no, told, yes } from '../../support/asking.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { answerAll, begin, goOn, waits } from '../../support/suspending.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

/** Has a journal say of a question what an earlier version said: what the schema had made of the arguments, and no more. */
function asEarlier(root: string, args: unknown): void {
  const path = join(root, 's', 'journal.jsonl');
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as JournalRecord);
  const earlier = records.map(({ seq, at, entries }) => ({
    seq,
    at,
    entries: entries.map((entry) => {
      if (entry.type !== 'confirmation_requested') return entry;
      const { checked_digest: _later, ...rest } = entry;
      return { ...rest, arguments: args };
    }),
  }));
  writeFileSync(path, Buffer.concat(earlier.map((record) => encodeLine(record))));
}

/** A run that waits in such a journal, and what goes on with it. */
async function suspended() {
  const house = await createHouse();
  const ran: unknown[] = [];
  const pay = defineTool({
    name: 'pay',
    description: 'Pays.',
    parameters: z.object({
      euros: z
        .number()
        .max(100)
        .transform((euros) => euros * 100),
      note: z.string().default(''),
    }),
    approval: 'ask',
    execute: (args) => void ran.push(args),
  });
  const toolManager = managerOf(pay);
  await begin(house, scriptedModel([{ toolCalls: [{ name: 'pay', arguments: { euros: 5 } }] }]), { toolManager });
  asEarlier(house.root, { euros: 500, note: '' });
  return { house, ran, goOn: () => goOn(house, scriptedModel(['Done.']), { toolManager }) };
}

test.each([
  ['open', undefined],
  ['allowed', yes],
  // What was changed was what the schema had made, too.
  ['changed', { ...yes, arguments: { euros: 5, note: '' } }],
])('a question of an earlier version that is %s is asked anew, of what the model wrote', async (state, answer) => {
  const { house, ran, ...scene } = await suspended();
  await using _house = house;
  if (answer !== undefined) await answerAll(house.restart(), [answer]);
  const second = await scene.goOn();
  expect(second.outcome).toMatchObject(waits);
  expect(closed(second.chunks)).toEqual(state === 'open' ? ['dropped'] : []);
  expect(asked(second.chunks)).toMatchObject([{ arguments: { euros: 5, note: '' } }]);
  expect(ran).toEqual([]);
  await answerAll(house.restart());
  expect((await scene.goOn()).outcome).toMatchObject({ reason: 'done' });
  expect(ran).toEqual([{ euros: 500, note: '' }]);
  expectAtRest(await readSession(house.root, 's'));
});

test('what was declined in an earlier version stays so', async () => {
  const { house, ran, ...scene } = await suspended();
  await using _house = house;
  await answerAll(house.restart(), [no]);
  expect((await scene.goOn()).outcome).toMatchObject({ reason: 'done' });
  expect(ran).toEqual([]);
  expect(told((await readSession(house.root, 's')).messages)).toEqual([expect.stringContaining('declined')]);
});
