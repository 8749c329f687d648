import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAgent } from 'sagents';
import { countingIds, fixedClock, record, scriptedModel } from 'sagents/testing';
import { plantJournal } from '../recorded-run.ts';
import { entriesIn } from '../rules.ts';
import { fibreOptions } from './fibre-program.ts';
import { buildIt, teamAnswersFor, whoIsAsked } from './team.ts';

/** The session of these tests. Children name it in their entries, so it keeps its name wherever it is planted. */
export const sessionId = 'tree';

/** Told while the worker answers: one waits for the master's next step, the other for its own. */
export const guidance = { master: 'Master, be quick.', worker: 'Worker, be careful.' };

/** The journal of a run with children that nothing disturbed. */
export async function recordTree(root: string): Promise<Buffer> {
  await using agent = new SAgent({ sessionRootSpace: root, createId: countingIds('m'), clock: fixedClock() });
  let asked = 0;
  const answers = teamAnswersFor(0, async (messages) => {
    if (whoIsAsked(messages) !== 'worker' || (asked += 1) > 1) return;
    const worker = (await agent.listChildren(sessionId))?.find(({ agentId }) => agentId === 'worker');
    await agent.injectUserMessage(sessionId, guidance.master, { guidanceId: 'for-master' });
    await agent.injectUserMessage(worker?.sessionId ?? '', guidance.worker, { guidanceId: 'for-worker' });
  });
  await record(agent.runStream(fibreOptions({ root, sessionId, input: buildIt, model: scriptedModel(answers) })));
  return readFileSync(join(root, sessionId, 'journal.jsonl'));
}

/** Makes a tree of these bytes in a folder of its own, with the names of the children that it speaks of. Returns the folder. */
export function plantTree(root: string, name: string, journal: Buffer): string {
  const folder = join(root, name);
  mkdirSync(folder);
  const path = plantJournal(folder, sessionId, journal);
  for (const entry of entriesIn(path)) {
    if (entry.type !== 'intents') continue;
    for (const child of Object.values(entry.children ?? {}).flat()) writeFileSync(join(folder, child), sessionId);
  }
  return folder;
}
