import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SAgent, type MessageChunk, type RunOptions } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import type { Entry } from '../../src/session/entry.ts';
import { answersFor, say, type SentMessage } from './answers.ts';
import { mustBeStatusOf, mustEndWell, mustHaveStored } from './good-end.ts';
import { Provider } from './provider.ts';
import { createRandom } from './random.ts';
import { entriesIn, mustBePaired } from './rules.ts';
import { runOptions } from './run-options.ts';
import { firstDeathOf, killAfter, type Story } from './stories.ts';
import { Victim } from './victim-process.ts';

/** Where in its run a process died, as its journal tells; `outside`: nothing of it was stored, or all. */
export type Death = 'outside' | 'model' | 'tools' | 'between';

/** How the processes reach their model. */
export type Wire = 'scripted' | 'openai';

/**
 * Lives through one session whose processes are killed at random moments, up to three, and which another process or this one
 * takes to its end all the same. Checks after each death and at the end what must always hold. Returns the deaths.
 */
export async function liveThrough(story: Story, wire: Wire): Promise<Death[]> {
  const { root, cache, seed, span } = story;
  const random = createRandom(seed);
  const sessionId = `${wire}-${seed}`;
  const seen: MessageChunk[] = [];
  const requests: (readonly SentMessage[])[] = [];
  const answers = answersFor(2, (messages) => requests.push(messages));
  await using provider = wire === 'openai' ? await Provider.start(answers) : undefined;
  await using agent = new SAgent({ sessionRootSpace: root });
  const deaths: Death[] = [];
  const plan = { turn: 1, isGoingOn: false };
  const next = () => ({ root, sessionId, input: plan.isGoingOn ? undefined : say(plan.turn) });
  const start = () => new Victim({ ...next(), provider: provider?.url }, cache);
  const take = (victim: Victim) => {
    assert.notEqual(victim.end?.type, 'failed', JSON.stringify(victim.end));
    seen.push(...victim.chunks);
    requests.push(...victim.requests);
  };

  const lives = 1 + Math.floor(random() * 3);
  for (let life = 0; life < lives; life += 1) {
    await using victim = start();
    const place = life === 0 ? firstDeathOf(story) : random();
    await killAfter(victim, place * span, random);
    take(victim);
    const entries = entriesIn(join(root, sessionId, 'journal.jsonl'));
    const status = await agent.getSessionStatus(sessionId);
    mustBeStatusOf(entries, status);
    if (victim.end === undefined) deaths.push(deathIn(entries));
    await mustHaveStored(agent, sessionId, seen);

    const attempt = entries.findLast((entry) => entry.type === 'run_started')?.attempt ?? 1;
    plan.isGoingOn = random() < 0.5 && status === 'interrupted' && attempt < 3;
    if (!plan.isGoingOn) plan.turn += 1;
  }

  if (random() < 0.5) {
    await using survivor = start();
    await survivor.ended();
    take(survivor);
  } else {
    const model = provider?.client() ?? scriptedModel(answers);
    seen.push(...(await finish(agent, runOptions({ ...next(), model }))));
  }
  await mustHaveStored(agent, sessionId, seen);
  await mustEndWell(agent, next());
  for (const request of requests) mustBePaired(request);
  return deaths;
}

/** Nobody waits for a lock of the dead: the first batch comes at once. */
async function finish(agent: SAgent, options: RunOptions): Promise<readonly MessageChunk[]> {
  const began = performance.now();
  const run = agent.runStream(options);
  const first = await run.next();
  assert.ok(performance.now() - began < 5_000, 'the session reopened at once');
  const { chunks, outcome } = await record(run);
  assert.deepEqual([outcome.status, outcome.reason], ['completed', 'done']);
  return [...(first.value as MessageChunk[]), ...chunks];
}

function deathIn(entries: readonly Entry[]): Death {
  const intents = entries.findLast((entry) => entry.type === 'intents');
  const isResult = (entry: Entry) => (entry.type === 'message' && entry.call !== undefined) || entry.type === 'settled';
  const results = entries.slice(entries.indexOf(intents as Entry)).filter(isResult).length;
  if (intents !== undefined && results < intents.calls.length) return 'tools';
  const last = entries.at(-1)?.type;
  if (last === undefined || last === 'run_ended') return 'outside';
  return last === 'pieces' || last === 'model_called' ? 'model' : 'between';
}
