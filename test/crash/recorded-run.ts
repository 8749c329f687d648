import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAgent, type Message } from 'sagents';
import { countingIds, fixedClock, record, scriptedModel, type ScriptedAnswer } from 'sagents/testing';
import type { ChatRequest } from '../../src/model/model.ts';
import { runOptions } from './run-options.ts';

export interface RecordedRun {
  readonly journal: Buffer;
  /** Its ledger. */
  readonly story: readonly Message[];
}

/** The model of that run: calls first, then the answer. It looks only at the request, so a run may go on with it. */
export const shortStory: readonly ScriptedAnswer[] = Array.from({ length: 5 }, () => ({ messages }: ChatRequest) => {
  if (messages.some(({ role }) => role === 'tool')) return { text: ['All ', 'done.'] };
  const toolCalls = [
    { name: 'look', arguments: { ms: 9 } },
    { name: 'deploy', arguments: ['{"ms"', ':3}'] },
  ];
  return { reasoning: 'Hm.', text: ['Wait ', 'a bit.'], toolCalls };
});

/** A short run with every kind of entry: text, reasoning, calls side by side, progress, results out of order. */
export async function recordRun(root: string): Promise<RecordedRun> {
  const model = scriptedModel(shortStory);
  await using agent = new SAgent({ sessionRootSpace: root, createId: countingIds('m'), clock: fixedClock() });
  await record(agent.runStream(runOptions({ root, sessionId: 'recorded', input: 'Go.', model })));
  const story = (await agent.getMessages('recorded', { includeHidden: true })) ?? [];
  return { journal: readFileSync(join(root, 'recorded', 'journal.jsonl')), story };
}

/** Makes a session of these bytes. */
export function plantJournal(root: string, sessionId: string, journal: Buffer): string {
  mkdirSync(join(root, sessionId));
  const path = join(root, sessionId, 'journal.jsonl');
  writeFileSync(path, journal);
  return path;
}
