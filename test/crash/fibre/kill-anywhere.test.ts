import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { StoredTree } from '../../support/tree.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { Victim } from '../victim-process.ts';
import { liveThroughFibre } from './fibre-story.ts';
import { sessionId } from './recorded-tree.ts';
import { buildIt } from './team.ts';

const storiesAtOnce = 3;
const kills = 20;
/** Another one gives other moments. */
const firstSeed = Number(process.env['SAGENTS_CRASH_SEED'] ?? 1);

test(
  `killed at any moment (${kills} kills), a tree goes on: nobody is given a task twice, and no word is lost`,
  { timeout: 120_000 },
  async () => {
    using root = new TemporaryRoot();
    const cache = root.file('cache');
    const setting = { root: root.path, cache, span: await lengthOfARun(root, cache) };
    const deaths: StoredTree[] = [];
    const failures: string[] = [];
    let seed = firstSeed;
    const tellStories = async (): Promise<void> => {
      while (failures.length === 0 && deaths.length < kills) {
        const story = { ...setting, seed: seed++ };
        try {
          deaths.push(...(await liveThroughFibre(story)));
        } catch (error) {
          failures.push(`Seed ${story.seed}, within ${story.span} words: ${String(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: storiesAtOnce }, tellStories));
    expect(failures).toEqual([]);

    // They died with several children at work, and with some that had ended.
    const children = deaths.map(({ state }) => state.children);
    expect(children.some((all) => all.filter(({ isOpen }) => isOpen).length > 1)).toBe(true);
    expect(children.some((all) => all.some(({ isOpen }) => isOpen) && all.some(({ isOpen }) => !isOpen))).toBe(true);
    expect(deaths.some(({ state }) => state.lastRun?.attempt === 2)).toBe(true);
  },
);

/** In words. It leaves its compiled code to the others. */
async function lengthOfARun(root: TemporaryRoot, cache: string): Promise<number> {
  mkdirSync(root.file('whole'));
  await using victim = new Victim({ root: root.file('whole'), sessionId, input: buildIt, program: 'fibre' }, cache);
  await victim.ended();
  return victim.words.length;
}
