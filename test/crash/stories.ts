import { mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim, type VictimOptions } from './victim-process.ts';

export interface Story {
  readonly root: string;
  /** Where the processes keep compiled code. */
  readonly cache: string;
  readonly seed: number;
  /** How many words a process tells that nobody kills. */
  readonly span: number;
}

const storiesAtOnce = 3;
/** Another one gives other moments. */
const firstSeed = Number(process.env['SAGENTS_CRASH_SEED'] ?? 1);

export interface StoriesOptions<Death> {
  readonly victim: Omit<VictimOptions, 'root'>;
  /** At least so many processes are killed. */
  readonly kills: number;
  /** By name, the deaths that must be among them. */
  readonly wanted: Readonly<Record<string, (death: Death) => boolean>>;
  readonly tell: (story: Story) => Promise<readonly Death[]>;
}

export interface Told {
  /** Of the stories that failed, with what they need to happen again. */
  readonly failures: readonly string[];
  /** The names of wanted deaths that did not come in three times as many kills. */
  readonly missing: readonly string[];
}

export const allIsWell: Told = { failures: [], missing: [] };

/** Lets stories happen side by side until enough processes were killed in them, in all the ways that are wanted. */
export async function tellStories<Death>({ victim, kills, wanted, tell }: StoriesOptions<Death>): Promise<Told> {
  using root = new TemporaryRoot();
  const cache = root.file('cache');
  const setting = { root: root.path, cache, span: await lengthOfARun(root, cache, victim) };
  const deaths: Death[] = [];
  const failures: string[] = [];
  const missing = () => Object.keys(wanted).filter((name) => !deaths.some((death) => wanted[name]?.(death)));
  const isEnough = () => deaths.length >= kills && (deaths.length >= 3 * kills || missing().length === 0);
  let seed = firstSeed;
  const tellOn = async (): Promise<void> => {
    while (failures.length === 0 && !isEnough()) {
      const story = { ...setting, seed: seed++ };
      try {
        deaths.push(...(await tell(story)));
      } catch (error) {
        failures.push(`Seed ${story.seed}, within ${story.span} words: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: storiesAtOnce }, tellOn));
  return { failures, missing: missing() };
}

/**
 * Where in its run the first process of a story dies, from 0 up to 1. Successive seeds leave no part of a run out, as they step
 * by the golden ratio; moments by the clock would all fall where a busy machine is slow.
 */
export function firstDeathOf({ seed }: Story): number {
  return (seed * 0.618_033_988_749) % 1;
}

/** Kills it once it has told so many words, and up to 20 ms have passed, or it has ended: tools work between two words. */
export async function killAfter(victim: Victim, words: number, random: () => number): Promise<void> {
  await victim.until(({ words: told, end }) => told.length > words || end !== undefined);
  await setTimeout(random() * 20);
  await victim.kill();
}

/** It leaves its compiled code to the others. */
async function lengthOfARun(root: TemporaryRoot, cache: string, options: Omit<VictimOptions, 'root'>): Promise<number> {
  mkdirSync(root.file('whole'));
  await using victim = new Victim({ ...options, root: root.file('whole') }, cache);
  await victim.ended();
  return victim.words.length;
}
