import { expect, test } from 'vitest';
import { say } from '../answers.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { Victim } from '../victim-process.ts';
import { liveThroughFlow } from './flow-story.ts';
import type { Walk } from './walk.ts';

const storiesAtOnce = 3;
const kills = 50;
/** Another one gives other moments. */
const firstSeed = Number(process.env['SAGENTS_CRASH_SEED'] ?? 1);

test(
  `killed at any moment (${kills} kills), a flow goes on at its place: nothing is decided, left or run twice`,
  { timeout: 120_000 },
  async () => {
    using root = new TemporaryRoot();
    const cache = root.file('cache');
    const setting = { root: root.path, cache, spanMs: await lengthOfARun(root.path, cache) };
    const deaths: Walk[] = [];
    const failures: string[] = [];
    let seed = firstSeed;
    const tellStories = async (): Promise<void> => {
      while (failures.length === 0 && deaths.length < kills) {
        const story = { ...setting, seed: seed++ };
        try {
          deaths.push(...(await liveThroughFlow(story)));
        } catch (error) {
          failures.push(`Seed ${story.seed}, within ${story.spanMs} ms: ${String(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: storiesAtOnce }, tellStories));
    expect(failures).toEqual([]);

    // They died all over the flow, and with the tools of several branches at work.
    expect(deaths.some((death) => death.nodesInTools.size > 1)).toBe(true);
    expect(deaths.some((death) => death.agentsAtWork.some((path) => path.includes('/body/')))).toBe(true);
    expect(deaths.some((death) => death.attempt === 2)).toBe(true);
  },
);

/** The second one, which starts with the code the first has compiled. */
async function lengthOfARun(root: string, cache: string): Promise<number> {
  let ms = 0;
  for (const sessionId of ['first', 'second']) {
    await using victim = new Victim({ root, sessionId, input: say(1), program: 'flow' }, cache);
    await victim.ready();
    const began = performance.now();
    await victim.ended();
    ms = performance.now() - began;
  }
  return ms;
}
