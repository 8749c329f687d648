import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SAgent, textOf, type MessageChunk, type SessionStatus } from 'sagents';
import type { Entry } from '../../src/session/entry.ts';
import { lastWords } from './answers.ts';
import { callsOf, entriesIn, mustFitTraces } from './rules.ts';
import { tracePathOf } from './run-options.ts';
import { readTraces } from './tools.ts';

/** Every chunk somebody saw is in the journal, as it was seen. */
export async function mustHaveStored(agent: SAgent, sessionId: string, seen: readonly MessageChunk[]): Promise<void> {
  if (seen.length === 0) return;
  const stored = new Map<number, MessageChunk>();
  for await (const chunks of agent.followSession(sessionId)) for (const chunk of chunks) stored.set(chunk.seq, chunk);
  let last = 0;
  for (const chunk of seen) {
    assert.ok(chunk.seq > last, `seq ${chunk.seq} was seen after ${last}`);
    assert.deepEqual(JSON.parse(JSON.stringify(stored.get(chunk.seq) ?? null)), chunk);
    last = chunk.seq;
  }
}

/** The status of a session whose owner was killed is what its journal says, as the test reads it. */
export function mustBeStatusOf(entries: readonly Entry[], status: SessionStatus | undefined): void {
  const isOver = entries.at(-1)?.type === 'run_ended';
  if (entries.length === 0) assert.ok(status === undefined || status === 'idle', `"${status}" without a journal`);
  else assert.equal(status, isOver ? 'completed' : 'interrupted');
}

/** The session was taken to its end, and tells one story. */
export async function mustEndWell(
  agent: SAgent,
  { root, sessionId, input }: { readonly root: string; readonly sessionId: string; readonly input: string | undefined },
): Promise<void> {
  assert.equal(await agent.getSessionStatus(sessionId), 'completed');
  const ledger = (await agent.getMessages(sessionId, { includeHidden: true })) ?? [];
  const asked = ledger.findLast(({ message_type }) => message_type === 'user_input');
  const answer = ledger.findLast(({ message_type }) => message_type === 'assistant_text');
  assert.ok(asked !== undefined && answer !== undefined);
  if (input !== undefined) assert.equal(asked.content, input);
  assert.equal(
    textOf(answer).endsWith(lastWords(textOf(asked))),
    true,
    `"${textOf(asked)}" was answered: "${textOf(answer)}"`,
  );
  const reasons = ledger.flatMap(({ metadata }) => metadata?.['incomplete'] ?? []);
  assert.deepEqual([...new Set(['crashed', ...reasons])], ['crashed'], 'only crashes cut messages here');
  mustFitTraces(callsOf(ledger), readTraces(tracePathOf(root, sessionId)));

  const entries = entriesIn(join(root, sessionId, 'journal.jsonl'));
  const started = new Set(entries.flatMap((entry) => (entry.type === 'run_started' ? [entry.run_id] : [])));
  const ended = entries.flatMap((entry) => (entry.type === 'run_ended' ? [entry.run_id] : []));
  assert.deepEqual(ended, [...started], 'every run ended once');

  await using fresh = new SAgent({ sessionRootSpace: root });
  assert.deepEqual(await fresh.getMessages(sessionId, { includeHidden: true }), ledger);
}
