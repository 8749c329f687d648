import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SAgent, textOf, type MessageChunk, type RunOutcome } from 'sagents';
import { createFileStore } from '../../../src/session/file-store/file-store.ts';
import { expectTreeAtRest, readTree, type StoredTree } from '../../support/tree.ts';
import type { SentMessage } from '../answers.ts';
import { mustHaveStored } from '../good-end.ts';
import { createRandom } from '../random.ts';
import { callsOf, mustBePaired, mustFitTraces } from '../rules.ts';
import { tracePathOf } from '../run-options.ts';
import { firstDeathOf, killAfter, type Story } from '../stories.ts';
import { readTraces } from '../tools.ts';
import { Victim } from '../victim-process.ts';
import { goOn } from './continue.ts';
import { sessionId } from './recorded-tree.ts';
import { buildIt } from './team.ts';
import { fixedChildren } from './tree-facts.ts';
import { expectWhole } from './whole-tree.ts';

/** What a worker is told while it works, which is durable once the victim has said so. */
const guidance = { at: 'first. ', content: 'Be careful.', to: 'speaker' } as const;

/**
 * Lives through one run with children whose first processes, up to two, are killed at random moments, and which another process
 * or this one takes to its end. Checks after each death and at the end what must always hold. Returns the tree at each death.
 */
export async function liveThroughFibre(story: Story): Promise<StoredTree[]> {
  const { root, cache, seed, span } = story;
  const random = createRandom(seed);
  const folder = join(root, `story-${seed}`);
  mkdirSync(folder);
  const seen: MessageChunk[] = [];
  const requests: (readonly SentMessage[])[] = [];
  const deaths: StoredTree[] = [];
  let isGuided = false;
  let tree = await readTree(folder, sessionId);
  const input = () => (tree.entries.length === 0 ? buildIt : undefined);
  const start = () => new Victim({ root: folder, sessionId, input: input(), program: 'fibre', guidance }, cache);
  const take = (victim: Victim) => {
    assert.notEqual(victim.end?.type, 'failed', JSON.stringify(victim.end));
    seen.push(...victim.chunks);
    requests.push(...victim.requests);
    isGuided ||= victim.words.some(({ type }) => type === 'guided');
  };
  await using agent = new SAgent({ sessionRootSpace: folder });

  const kills = random() < 0.3 ? 1 : 2;
  while (deaths.length < kills && tree.entries.at(-1)?.type !== 'run_ended') {
    await using victim = start();
    const place = deaths.length === 0 ? firstDeathOf(story) : random();
    await killAfter(victim, place * span, random);
    take(victim);
    tree = await readTree(folder, sessionId);
    await mustBeFound(agent, folder, tree);
    await mustHaveStored(agent, sessionId, seen);
    if (tree.entries.length > 0) deaths.push(tree);
  }

  if (tree.state.root.isOpen) {
    const outcome = random() < 0.5 ? await survive(start, take) : await finishHere();
    assert.deepEqual([outcome.status, outcome.reason], ['completed', 'done']);
    tree = await readTree(folder, sessionId);
  }
  await mustHaveStored(agent, sessionId, seen);
  expectTreeAtRest(tree);
  expectWhole(tree);
  for (const request of requests) mustBePaired(request);
  for (const death of deaths) mustHaveKept(death, tree);
  const messages = [...tree.ledgers.values()].flatMap((ledger) => ledger.messages());
  const taken = messages.filter(({ metadata }) => metadata?.['guidance_id'] === guidance.content).length;
  assert.ok(taken === 1 || (taken === 0 && !isGuided), `guidance was taken ${taken} times`);
  const calls = [...tree.ledgers.values()].flatMap((ledger) => callsOf(ledger.messages()));
  mustFitTraces(
    calls.filter(({ tool }) => !tool.startsWith('sys_')),
    readTraces(tracePathOf(folder, sessionId)),
  );
  return deaths;

  async function finishHere(): Promise<RunOutcome> {
    const { outcome, requests: taken } = await goOn(folder, { agent });
    requests.push(...[...taken.values()].flat());
    return outcome;
  }
}

async function survive(start: () => Victim, take: (victim: Victim) => void): Promise<RunOutcome> {
  await using survivor = start();
  await survivor.ended();
  take(survivor);
  assert.ok(survivor.end?.type === 'outcome', JSON.stringify(survivor.end));
  return survivor.end.outcome;
}

/** Children are found by their own ids, and read as they were left. */
async function mustBeFound(agent: SAgent, folder: string, { state, entries }: StoredTree): Promise<void> {
  const store = createFileStore(folder);
  try {
    for (const { sessionId: id, lastRun, isOpen } of state.children) {
      assert.equal(await store.rootOf(id), sessionId);
      const status = isOpen ? 'interrupted' : (lastRun?.ended?.status ?? 'idle');
      assert.equal(await agent.getSessionStatus(id), status);
      const words = await agent.getMessages(id, { includeHidden: true });
      assert.ok(words?.every(({ session_id }) => session_id === id));
    }
    // Their names are written beside the intent, and nobody begins before both are on the disk.
    const unnamed = [...fixedChildren(entries).values()].flat().filter((id) => state.session(id) === undefined);
    for (const id of unnamed) assert.ok([undefined, sessionId].includes(await store.rootOf(id)));
  } finally {
    await store.close();
  }
}

/** Nobody is given a task again that somebody had, and what had been said is still there, each in its place. */
function mustHaveKept(before: StoredTree, after: StoredTree): void {
  const fixed = fixedChildren(after.entries);
  for (const [key, children] of fixedChildren(before.entries)) assert.deepEqual(fixed.get(key), children);
  for (const [id, ledger] of before.ledgers) {
    const later = after.ledgers.get(id)?.messages() ?? [];
    for (const [place, message] of ledger.messages().entries()) {
      const kept = later[place];
      assert.ok(kept !== undefined && kept.message_id === message.message_id);
      assert.ok(textOf(kept).startsWith(textOf(message)), `"${textOf(message)}" became "${textOf(kept)}"`);
    }
  }
}
