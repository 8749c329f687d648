import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scriptedModel } from '../../../src/testing/index.ts';
import { asked, yes, type ShownConfirmation } from '../../support/asking.ts';
import { deployed, keepingTool, waited, withDefault } from '../../support/deployments.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

describe('what is run is what was shown', () => {
  test('also where another deployment with other defaults goes on', async () => {
    await using house = await createHouse();
    const { ran, shown } = await deployed(house, { to: 'ada' }, [withDefault(10), withDefault(100_000)]);
    expect(shown).toEqual([{ to: 'ada', amount: 10 }]);
    expect(ran).toEqual([{ to: 'ada', amount: 10 }]);
  });

  test('also where the default is another each time', async () => {
    let count = 0;
    const account = z.string().default(() => `account-${(count += 1)}`);
    const { ran, shown } = await waited(z.object({ account }), {});
    expect(shown).toHaveLength(1);
    expect(ran).toEqual(shown);
  });

  test('also where that is no JSON: it is shown as JSON holds it, or as it was given', async () => {
    const dated = { at: z.string().transform((text) => new Date(text)), big: z.string().transform(BigInt) };
    const tagged = { ...dated, tags: z.array(z.string()).transform((tags) => new Set(tags)) };
    const given = { at: '2026-01-01', big: '5' };
    const made = { at: new Date('2026-01-01'), big: 5n };
    const one = await waited(z.object(dated), given);
    expect(one.shown).toEqual([{ at: '2026-01-01T00:00:00.000Z', big: '5' }]);
    expect(one.ran).toEqual([made]);
    const other = await waited(z.object(tagged), { ...given, tags: ['a'] });
    expect(other.shown).toEqual([{ ...given, tags: ['a'] }]);
    expect(other.ran).toEqual([{ ...made, tags: new Set(['a']) }]);
  });

  test('of a JSON Schema as well: its defaults are shown', async () => {
    const parameters = {
      properties: { to: { type: 'string' }, amount: { type: 'integer', default: 3 } },
      required: ['to'],
    };
    const { ran, shown } = await waited(parameters, { to: 'ada', memo: 'rent' });
    expect(shown).toEqual([{ to: 'ada', amount: 3, memo: 'rent' }]);
    expect(ran).toEqual(shown);
  });

  test('whatever readers do to what they are given', async () => {
    await using house = await createHouse();
    const ran: unknown[] = [];
    const toolManager = managerOf(keepingTool(ran, { properties: { tags: {} } }));
    const toolCalls = [{ tags: ['a'] }, { tags: ['c'] }].map((args) => ({ name: 'pay', arguments: args }));
    const model = scriptedModel([{ toolCalls }, 'Done.']);
    const spoil = (args: unknown) => (args as { tags?: string[] } | undefined)?.tags?.push('b');
    const edits = [undefined, { tags: ['d'] }];
    for await (const chunks of house.run(model, { whenApprovalNeeded: 'wait', sessionId: 's', toolManager })) {
      for (const { confirmation_id: id } of asked(chunks)) {
        for (const pending of await house.agent.listPendingConfirmations('s')) spoil(pending.arguments);
        const edit = edits.shift();
        await house.agent.answerConfirmation('s', id, edit === undefined ? yes : { ...yes, arguments: edit });
      }
      // Those that ask, and the word on them.
      for (const { metadata } of chunks) spoil((metadata?.['confirmation'] as Partial<ShownConfirmation>)?.arguments);
    }
    expect(ran).toEqual([{ tags: ['a'] }, { tags: ['d'] }]);
  });
});
