import { describe, expect, test } from 'vitest';
import { record } from '../../../src/testing/index.ts';
import { createHouse } from '../../support/test-house.ts';
import { fibre, teamOf } from './team.ts';
import { bobsWords, runTree, textsOf } from './small-tree.ts';

describe('a child', () => {
  const isChild = (child: string) => ({
    code: 'invalid-argument',
    message: `Session "${child}" is a child of session "s" and has no run of its own. Use "s".`,
  });

  test.each(['live', 'at rest'])(
    'has no run, is not cleaned up and not deleted by itself, but with its root (%s)',
    async (when) => {
      await using house = await createHouse();
      const refusals: Promise<unknown>[] = [];
      const tryAll = (child: string) => {
        const run = house.run(teamOf({ lead: [] }), { ...fibre, sessionId: child });
        const given = [run.next(), house.agent.cleanupSession(child), house.agent.deleteSession(child)];
        for (const one of given)
          refusals.push(
            one.then(
              () => 'taken',
              ({ code, message }: Error & { code: string }) => ({ code, message }),
            ),
          );
      };
      const { bob } = await runTree(house, ({ content, session_id }) => {
        if (content === 'I am ' && when === 'live') tryAll(session_id);
      });
      if (when === 'at rest') tryAll(bob);
      expect(await Promise.all(refusals)).toEqual([isChild(bob), isChild(bob), isChild(bob)]);
      expect(await textsOf(house.agent, bob)).toEqual(bobsWords);
    },
  );

  test('goes with its root, and its name is free again', async () => {
    await using house = await createHouse();
    const { ann, bob } = await runTree(house);
    expect(await house.agent.deleteSession('s')).toBe(true);
    for (const agent of [house.agent, house.restart()]) {
      for (const id of ['s', ann, bob]) {
        expect(await agent.getSessionStatus(id)).toBeUndefined();
        expect(await agent.getMessages(id)).toBeUndefined();
      }
    }
    const team = teamOf({ lead: ['Mine now.'] });
    const { text } = await record(house.run(team, { ...fibre, sessionId: bob }));
    expect(text).toBe('Mine now.');
  });
});
