import { expect, test } from 'vitest';
import { say } from '../answers.ts';
import { allIsWell, tellStories } from '../stories.ts';
import { liveThroughFlow } from './flow-story.ts';
import type { Walk } from './walk.ts';

const kills = 50;

test(
  `killed at any moment (${kills} kills), a flow goes on at its place: nothing is decided, left or run twice`,
  { timeout: 180_000 },
  async () => {
    const told = await tellStories({
      victim: { sessionId: 'whole', input: say(1), program: 'flow' },
      kills,
      wanted: {
        'in the loop': ({ agentsAtWork }: Walk) => agentsAtWork.some((path) => path.includes('/body/')),
        'with tools of several branches at work': ({ nodesInTools }) => nodesInTools.size > 1,
        'in the second attempt': ({ attempt }) => attempt === 2,
      },
      tell: liveThroughFlow,
    });
    expect(told).toEqual(allIsWell);
  },
);
