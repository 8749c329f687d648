import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import { told, yes } from '../../support/asking.ts';
import { deployed, inCents, keepingTool, payWith, waited, withDefault } from '../../support/deployments.ts';
import { readSession } from '../../support/journal.ts';
import { begin } from '../../support/suspending.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

describe('of what was shown an edit changes only what it changes', () => {
  test('where the schema makes something else of numbers', async () => {
    const answer = (shown: object) => ({ arguments: { ...shown, note: 'rent' } });
    const run = await waited(inCents(100), { euros: 5 }, { answer });
    expect(run.shown).toEqual([{ euros: 5, note: '' }]);
    expect(run.ran).toEqual([{ euros: 500, note: 'rent' }]);
    expect(run.told).toEqual([expect.stringContaining('changed the arguments to {"euros":5,"note":"rent"}')]);
  });

  test('also where whoever took the answer does not have the tool: under another schema somebody is asked anew', async () => {
    await using house = await createHouse();
    const edit = { arguments: { euros: 5, note: 'rent' } };
    const { ran, shown, outcome } = await deployed(
      house,
      { euros: 5 },
      [inCents(100), inCents(1000), inCents(1000)],
      [edit],
    );
    // What was changed is not lost, and the model is told of it.
    expect(shown).toEqual([
      { euros: 5, note: '' },
      { euros: 5, note: 'rent' },
    ]);
    expect(outcome).toMatchObject({ reason: 'done' });
    expect(ran).toEqual([{ euros: 5_000, note: 'rent' }]);
    expect(told((await readSession(house.root, 's')).messages)).toEqual([
      expect.stringContaining('{"euros":5,"note":"rent"}'),
    ]);
  });

  test.each([
    ['runs with the default that stood there', 10, [{ to: 'bob', amount: 10 }], 1],
    ['is asked about again where that is another by now', 100_000, [{ to: 'bob', amount: 100_000 }], 2],
  ])('what it leaves out %s', async (_, amount, run, questions) => {
    await using house = await createHouse();
    const later = withDefault(amount);
    const edit = { arguments: { to: 'bob' } };
    const deployments = [withDefault(10), ...Array.from({ length: questions }, () => later)];
    const { ran, shown } = await deployed(house, { to: 'ada' }, deployments, [edit]);
    expect(shown).toHaveLength(questions);
    expect(ran).toEqual(run);
  });

  test('and a hook changes nothing of it that nobody is shown', async () => {
    let turn = 0;
    const beforeTool = ({ args }: { readonly args: unknown }): undefined => {
      if ((turn += 1) === 2) (args as { tags: string[] }).tags.push('b');
    };
    const edits = [{ arguments: { tags: ['a'] } }];
    const answer = () => edits.shift() ?? {};
    const { ran, shown } = await waited(
      { properties: { tags: {} } },
      { tags: [] },
      { answer, more: { hooks: { beforeTool } } },
    );
    expect(shown).toEqual([{ tags: [] }, { tags: ['a', 'b'] }]);
    expect(ran).toEqual([{ tags: ['a', 'b'] }]);
  });

  test('that comes while a hook thinks about the call is what is run', async () => {
    await using house = await createHouse();
    const ran: unknown[] = [];
    const toolManager = managerOf(keepingTool(ran, withDefault(10)));
    await begin(house, payWith({ to: 'ada' }), { toolManager });
    const agent = house.restart();
    const [begun, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const beforeTool = async () => {
      begun.resolve();
      await answered.promise;
      return undefined;
    };
    const options = {
      toolManager,
      sessionId: 's',
      inputMessages: [],
      whenApprovalNeeded: 'suspend',
      hooks: { beforeTool },
    } as const;
    const run = agent.runStream(house.options(scriptedModel(['Done.']), options));
    await run.begin();
    const reading = run.next();
    await begun.promise;
    const [pending] = await agent.listPendingConfirmations('s');
    await agent.answerConfirmation('s', pending?.confirmation_id ?? '', { ...yes, arguments: { to: 'bob' } });
    answered.resolve();
    await reading;
    for await (const _ of run);
    expect(ran).toEqual([{ to: 'bob', amount: 10 }]);
  });
});
