import { expect, test } from 'vitest';
import { record, stall } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { watchModel } from '../../support/watch-model.ts';
import { delegateTo, fibre, finish, subAgents, teamOf } from './team.ts';

test('a bug met in a child ends the whole run, which throws it; all others are ended, and the session is free', async () => {
  await using house = await createHouse();
  using strays = watchStrays();
  const broken = {
    ...echoTool(),
    get approval(): never {
      throw new TypeError('I have a bug.');
    },
  };
  const team = teamOf({
    lead: [delegateTo('Ann', 'Bob'), 'Ok.'],
    Ann: [echo('a')],
    Bob: [{ text: ['I ', 'wait'], at: { 1: stall } }],
  });
  const model = watchModel(team);
  const more = { ...fibre, customSubAgents: subAgents('Ann', 'Bob') };
  const run = house.run(model, { ...more, toolManager: managerOf(broken) });
  await expect(record(run)).rejects.toThrow(new TypeError('I have a bug.'));
  expect(await run.outcome).toMatchObject({ status: 'failed', reason: 'internal', error: { code: 'internal' } });
  expect(model.open).toBe(0);
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(JSON.stringify(stored.chunks)).not.toContain('I have a bug');
  expect((await house.agent.listChildren('s'))?.map(({ status }) => status)).toEqual(['interrupted', 'interrupted']);
  expect(await strays.look()).toEqual(nothing);

  const next = house.run(teamOf({ lead: [delegateTo('Ann'), 'Ok.'], Ann: [finish('a')] }), more);
  expect((await record(next)).outcome).toMatchObject({ reason: 'done' });
});
