import assert from 'node:assert/strict';
import { join } from 'node:path';
import { textOf, type MessageChunk, type RunOutcome, type SAgent } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { lastWords, say, type SentMessage } from '../answers.ts';
import { mustBeStatusOf, mustHaveStored } from '../good-end.ts';
import { createRandom } from '../random.ts';
import { entriesIn, mustBePaired } from '../rules.ts';
import { tracePathOf } from '../run-options.ts';
import { firstDeathOf, killAfter, type Story } from '../stories.ts';
import { readTraces } from '../tools.ts';
import { Victim } from '../victim-process.ts';
import { flowAnswersFor } from './flow-answers.ts';
import { createFlowAgent, flowOptions } from './flow-program.ts';
import { callsWith, mustBeAllTheWay, mustHaveRunAsAllowed, mustNotGoBack } from './flow-rules.ts';
import { readNotes } from './notes.ts';
import { Walk } from './walk.ts';

/**
 * Lives through one run of the flow whose first processes, up to two, are killed at random moments, and which another process
 * or this one takes to its end. Checks after each death and at the end what must always hold. Returns how far it had come at
 * each death.
 */
export async function liveThroughFlow(story: Story): Promise<Walk[]> {
  const { root, cache, seed, span } = story;
  const random = createRandom(seed);
  const sessionId = `flow-${seed}`;
  const seen: MessageChunk[] = [];
  const requests: (readonly SentMessage[])[] = [];
  const entries = () => entriesIn(join(root, sessionId, 'journal.jsonl'));
  const next = () => ({ root, sessionId, input: entries().length === 0 ? say(1) : undefined });
  const start = () => new Victim({ ...next(), program: 'flow' }, cache);
  const take = (victim: Victim) => {
    assert.notEqual(victim.end?.type, 'failed', JSON.stringify(victim.end));
    seen.push(...victim.chunks);
    requests.push(...victim.requests);
  };
  await using agent = createFlowAgent(root);
  const finishHere = async (): Promise<RunOutcome> => {
    const model = scriptedModel(flowAnswersFor(2, (messages) => requests.push(messages)));
    const { chunks, outcome } = await record(agent.runStream(flowOptions({ ...next(), model })));
    seen.push(...chunks);
    return outcome;
  };
  const deaths: Walk[] = [];
  const notes: number[] = [];

  const kills = random() < 0.3 ? 1 : 2;
  while (deaths.length < kills) {
    await using victim = start();
    const place = deaths.length === 0 ? firstDeathOf(story) : random();
    await killAfter(victim, place * span, random);
    take(victim);
    mustBeStatusOf(entries(), await agent.getSessionStatus(sessionId));
    await mustHaveStored(agent, sessionId, seen);
    const walk = new Walk(entries());
    if (walk.runId !== '' && walk.isOver) break;
    if (walk.runId === '') continue;
    deaths.push(walk);
    notes.push(readNotes(root, sessionId).length);
  }

  if (!isOver(entries())) {
    const outcome = random() < 0.5 ? await survive(start, take) : await finishHere();
    assert.deepEqual([outcome.status, outcome.reason], ['completed', 'done']);
    assert.equal(outcome.usage.calls, new Walk(entries()).callers.size, 'steps are counted over all attempts');
  }
  await mustHaveStored(agent, sessionId, seen);
  await mustHaveGoneWell(agent, { root, sessionId });
  for (const [place, death] of deaths.entries()) mustNotGoBack(death, readNotes(root, sessionId).slice(notes[place]));
  for (const request of requests) mustBePaired(request);
  return deaths;
}

const isOver = (entries: Parameters<typeof mustBeStatusOf>[0]): boolean => entries.at(-1)?.type === 'run_ended';

async function survive(start: () => Victim, take: (victim: Victim) => void): Promise<RunOutcome> {
  await using survivor = start();
  await survivor.ended();
  take(survivor);
  assert.ok(survivor.end?.type === 'outcome', JSON.stringify(survivor.end));
  return survivor.end.outcome;
}

/** Nothing is left open, everybody did what they do, and the writer had the last word. */
async function mustHaveGoneWell(
  agent: SAgent,
  { root, sessionId }: { readonly root: string; readonly sessionId: string },
): Promise<void> {
  assert.equal(await agent.getSessionStatus(sessionId), 'completed');
  const walk = new Walk(entriesIn(join(root, sessionId, 'journal.jsonl')));
  mustBeAllTheWay(walk);
  const ledger = (await agent.getMessages(sessionId, { includeHidden: true })) ?? [];
  const answer = ledger.findLast(({ message_type }) => message_type === 'assistant_text');
  assert.ok(answer !== undefined && textOf(answer).endsWith(lastWords(say(1))), JSON.stringify(answer));
  mustHaveRunAsAllowed(callsWith(walk, ledger), readTraces(tracePathOf(root, sessionId)), walk.attempt);
}
