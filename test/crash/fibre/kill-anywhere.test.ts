import { expect, test } from 'vitest';
import type { StoredTree } from '../../support/tree.ts';
import { allIsWell, tellStories } from '../stories.ts';
import { liveThroughFibre } from './fibre-story.ts';
import { sessionId } from './recorded-tree.ts';
import { buildIt } from './team.ts';

const kills = 20;
const atWork = ({ state }: StoredTree): number => state.children.filter(({ isOpen }) => isOpen).length;

test(
  `killed at any moment (${kills} kills), a tree goes on: nobody is given a task twice, and no word is lost`,
  { timeout: 180_000 },
  async () => {
    const told = await tellStories({
      victim: { sessionId, input: buildIt, program: 'fibre' },
      kills,
      wanted: {
        'with several children at work': (tree: StoredTree) => atWork(tree) > 1,
        'with children at work and others that had ended': (tree) =>
          atWork(tree) > 0 && tree.state.children.length > atWork(tree),
        'in the second attempt': ({ state }) => state.lastRun?.attempt === 2,
      },
      tell: liveThroughFibre,
    });
    expect(told).toEqual(allIsWell);
  },
);
