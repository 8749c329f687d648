import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scriptedModel } from '../../../src/testing/index.ts';
import { asked, closed, told } from '../../support/asking.ts';
import { deployed, inCents, keepingTool, payWith } from '../../support/deployments.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { answerAll, begin, goOn, waits } from '../../support/suspending.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

describe('where the tool would not run any more what was approved', () => {
  test('somebody is asked anew, with what it would run, and that is run', async () => {
    await using house = await createHouse();
    const { ran, shown, chunks, outcome } = await deployed(house, { euros: 5 }, [inCents(100), inCents(1000)]);
    expect(shown).toEqual([{ euros: 5, note: '' }]);
    expect(outcome).toMatchObject(waits);
    expect(ran).toEqual([]);
    const [question, ...others] = asked(chunks);
    expect(others).toEqual([]);
    expect(question).toMatchObject({
      arguments: { euros: 5, note: '' },
      reason: expect.stringContaining('asked about again'),
    });
    await answerAll(house.restart());
    const toolManager = managerOf(keepingTool(ran, inCents(1000)));
    expect((await goOn(house, scriptedModel(['Done.']), { toolManager })).outcome).toMatchObject({ reason: 'done' });
    expect(ran).toEqual([{ euros: 5_000, note: '' }]);
    expectAtRest(await readSession(house.root, 's'));
  });

  test('a question that is still open is given up for a new one', async () => {
    await using house = await createHouse();
    const ran: unknown[] = [];
    await begin(house, payWith({ euros: 5 }), { toolManager: managerOf(keepingTool(ran, inCents(100))) });
    const [before] = await house.agent.listPendingConfirmations('s');
    const { chunks, outcome } = await goOn(house, scriptedModel([]), {
      toolManager: managerOf(keepingTool(ran, inCents(1000))),
    });
    expect(outcome).toMatchObject(waits);
    expect(closed(chunks)).toEqual(['dropped']);
    // In one record, so that no crash leaves it without either.
    const records = readFileSync(join(house.root, 's', 'journal.jsonl'), 'utf8').split('\n');
    expect(records.find((line) => line.includes('"dropped"'))).toContain('confirmation_requested');
    const [after, ...others] = await house.restart().listPendingConfirmations('s');
    expect(others).toEqual([]);
    expect(after?.confirmation_id).not.toBe(before?.confirmation_id);
  });

  test('nothing is run where nobody may be asked, and the model is told why', async () => {
    await using house = await createHouse();
    const { ran, outcome } = await deployed(house, { euros: 5 }, [inCents(100), inCents(1000)], [], {
      whenApprovalNeeded: 'deny',
    });
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(ran).toEqual([]);
    expect(told((await readSession(house.root, 's')).messages)).toEqual([
      expect.stringMatching(/as it was shown.*nobody answers/),
    ]);
  });

  test('it is asked about three times and then not run', async () => {
    await using house = await createHouse();
    const { ran, shown, outcome } = await deployed(house, { euros: 5 }, [1, 2, 3, 4].map(inCents));
    expect(shown).toHaveLength(3);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(ran).toEqual([]);
    expect(told((await readSession(house.root, 's')).messages)).toEqual([expect.stringContaining('asked 3 times')]);
  });

  test('nobody is asked about what is another each time', async () => {
    await using house = await createHouse();
    const parameters = z.object({ key: z.string().transform((key) => `${key}-${(count += 1)}`) });
    let count = 0;
    const { outcome, chunks } = await begin(house, payWith({ key: 'a' }), {
      toolManager: managerOf(keepingTool([], parameters)),
    });
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(asked(chunks)).toEqual([]);
    expect(told((await readSession(house.root, 's')).messages)).toEqual([
      expect.stringContaining('nobody can be shown'),
    ]);
  });
});
