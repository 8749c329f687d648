import { expect, test } from 'vitest';
import { say } from './answers.ts';
import { liveThrough, type Death } from './story.ts';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim } from './victim-process.ts';

const storiesAtOnce = 3;
/** Another one gives other moments. */
const firstSeed = Number(process.env['SAGENTS_CRASH_SEED'] ?? 1);

test.each([
  { wire: 'scripted', kills: 120 },
  { wire: 'openai', kills: 90 },
] as const)(
  'killed at any moment (model: $wire, $kills kills), a session loses nothing that was seen, and goes on',
  { timeout: 180_000 },
  async ({ wire, kills }) => {
    using root = new TemporaryRoot();
    const cache = root.file('cache');
    const setting = { root: root.path, cache, wire, spanMs: await lengthOfARun(root.path, cache) };
    const deaths: Death[] = [];
    const failures: string[] = [];
    let seed = firstSeed;
    const tellStories = async (): Promise<void> => {
      while (failures.length === 0 && deaths.length < kills) {
        const story = { ...setting, seed: seed++ };
        try {
          deaths.push(...(await liveThrough(story)));
        } catch (error) {
          failures.push(`Seed ${story.seed}, ${wire}, within ${story.spanMs} ms: ${String(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: storiesAtOnce }, tellStories));
    expect(failures).toEqual([]);

    // They died all over the run.
    expect(deaths).toEqual(expect.arrayContaining(['model', 'tools']));
  },
);

/** The second one, which starts with the code the first has compiled. */
async function lengthOfARun(root: string, cache: string): Promise<number> {
  let ms = 0;
  for (const sessionId of ['first', 'second']) {
    await using victim = new Victim({ root, sessionId, input: say(1) }, cache);
    await victim.ready();
    const began = performance.now();
    await victim.ended();
    ms = performance.now() - began;
  }
  return ms;
}
