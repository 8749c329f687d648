import { expect, test } from 'vitest';
import { SAgent, type MessageChunk } from 'sagents';
import { stall } from 'sagents/testing';
import { say } from './answers.ts';
import { Provider } from './provider.ts';
import { TemporaryRoot } from './temporary-root.ts';
import { Victim } from './victim-process.ts';

const sessionId = 's';

test('another process sees what the reader of a run sees, from wherever it begins, until the run has ended', async () => {
  using root = new TemporaryRoot();
  await using agent = new SAgent({ sessionRootSpace: root.path });
  await using victim = new Victim({ root: root.path, sessionId, input: say(1), paceMs: 20 });
  await victim.until(({ chunks }) => chunks.length > 0);

  let live = 0;
  const others: { readonly afterSeq: number; readonly seen: Promise<MessageChunk[]> }[] = [];
  const seen = await follow(agent, 0, ({ seq }) => {
    if (victim.end === undefined) live += 1;
    others.push({ afterSeq: seq, seen: follow(agent, seq) });
  });
  expect(live).toBeGreaterThan(0);
  await victim.ended();

  const [input, ...rest] = seen;
  expect(input).toMatchObject({ role: 'user', content: say(1) });
  expect(asTold(rest)).toEqual(victim.chunks);
  expect(victim.end).toMatchObject({ type: 'outcome', outcome: { status: 'completed' } });
  for (const { afterSeq, seen: theirs } of others) expect(await theirs).toEqual(after(seen, afterSeq));
  for (let seq = 0; seq <= (seen.at(-1)?.seq ?? 0); seq += 1) {
    expect(await follow(agent, seq)).toEqual(after(seen, seq));
  }
});

test('whoever follows a run whose process is killed gets all that was stored, and soon the end', async () => {
  using root = new TemporaryRoot();
  await using provider = await Provider.start([{ text: ['one ', 'two ', 'three '], at: { 3: stall } }]);
  await using agent = new SAgent({ sessionRootSpace: root.path });
  await using victim = new Victim({ root: root.path, sessionId, input: say(1), provider: provider.url });
  await victim.until(({ chunks }) => chunks.length > 0);

  let isOver = false;
  const caughtUp = Promise.withResolvers<void>();
  const following = follow(agent, 0, ({ content }) => {
    if (content === 'three ') caughtUp.resolve();
  }).finally(() => (isOver = true));
  await caughtUp.promise;
  await victim.until(({ chunks }) => chunks.length === 3);
  expect(isOver).toBe(false);

  const killed = performance.now();
  await victim.kill();
  const seen = await following;
  expect(performance.now() - killed).toBeLessThan(20_000);
  expect(asTold(seen.slice(1))).toEqual(victim.chunks);
  expect(await agent.getSessionStatus(sessionId)).toBe('interrupted');
});

async function follow(
  agent: SAgent,
  afterSeq: number,
  onChunk: (chunk: MessageChunk) => void = () => {},
): Promise<MessageChunk[]> {
  const seen: MessageChunk[] = [];
  for await (const chunks of agent.followSession(sessionId, { afterSeq })) {
    seen.push(...chunks);
    chunks.forEach(onChunk);
  }
  return seen;
}

/** As it arrives by way of JSON. */
const asTold = (chunks: readonly MessageChunk[]): unknown => JSON.parse(JSON.stringify(chunks));

const after = (chunks: readonly MessageChunk[], cursor: number): MessageChunk[] =>
  chunks.filter(({ seq }) => seq > cursor);
