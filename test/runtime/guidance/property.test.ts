import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '../../../src/index.ts';
import type { Entry } from '../../../src/session/entry.ts';
import { conversations, expectPaired, brokenPrefixes, texts } from '../../support/guidance.ts';
import { anyStory, tell, type Done, type Story } from '../../support/guidance-story.ts';
import { expectAtRest, readSession, type StoredSession } from '../../support/journal.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';

let sessions = 0;

async function check(story: Story, house: TestHouse): Promise<void> {
  const sessionId = `s${(sessions += 1)}`;
  const { done, models, seen } = await tell(story, house, sessionId);
  const stored = await readSession(house.root, sessionId);
  const requests = models.flatMap((model) => [...model.requests]);
  const asked = conversations({ requests });

  expectAtRest(stored);
  for (const conversation of asked) expectPaired(conversation);
  expect(brokenPrefixes(requests)).toEqual([]);
  const told = texts(asked.at(-1));
  for (const one of done) expectKept(one, stored.entries);
  for (const id of new Set(done.map((one) => one.id))) expectOnce(id, done, stored, told);
  // And the readers of the runs have seen each of them.
  const isGiven = ({ metadata }: Pick<Message, 'metadata'>) => metadata?.['injected'] === true;
  const idsOf = (messages: readonly Pick<Message, 'message_id' | 'metadata'>[]) =>
    messages.filter(isGiven).map(({ message_id }) => message_id);
  expect(idsOf(seen)).toEqual(idsOf(stored.messages));
}

/** What a host was told is what the journal says. */
function expectKept({ verb, id, content, result }: Done, entries: readonly Entry[]): void {
  const isOfIt = (entry: Entry) => 'guidance_id' in entry && entry.guidance_id === id;
  const written = entries.filter((entry) => isOfIt(entry) && 'content' in entry && entry.content === content);
  if (verb === 'inject') {
    expect([true, 'session-not-live']).toContain(result);
    const isRepetition = entries.some((entry) => consumedId(entry) === id);
    if (result === true && !isRepetition) expect(written).toHaveLength(1);
    if (result !== true) expect(written).toEqual([]);
    return;
  }
  expect([true, false]).toContain(result);
  if (verb === 'update') expect(written).toHaveLength(result === true ? 1 : 0);
}

/** Of one id: said once with its last content, or deleted, or never taken. */
function expectOnce(id: string, done: readonly Done[], { entries }: StoredSession, told: readonly string[]): void {
  const of = entries.filter(
    (entry) => ('guidance_id' in entry && entry.guidance_id === id) || consumedId(entry) === id,
  );
  const consumed = of.flatMap((entry) => (entry.type === 'message' ? [entry.message.content] : []));
  const deleted = of.filter(({ type }) => type === 'guidance_deleted').length;
  expect(deleted).toBe(done.filter((one) => one.id === id && one.verb === 'delete' && one.result === true).length);
  // Consumption is the last that happens to it.
  expect(of.findIndex(({ type }) => type === 'message')).toBe(consumed.length === 0 ? -1 : of.length - 1);
  const before = of.findLast((entry) => entry.type !== 'message');
  expect(consumed).toEqual(before !== undefined && 'content' in before ? [before.content] : []);
  const said = told.filter((text) => done.some((one) => one.id === id && one.content === text));
  expect(said).toEqual(consumed);
}

function consumedId(entry: Entry): unknown {
  return entry.type === 'message' && entry.message.role === 'user'
    ? entry.message.metadata?.['guidance_id']
    : undefined;
}

test(
  'whenever it comes, guidance is never lost, never doubled, never between a call and its results',
  { timeout: 120_000 },
  async () => {
    await using house = await createHouse();
    const property = fc.asyncProperty(anyStory, async (story) => await check(story, house));
    await fc.assert(property, { numRuns: 300 });
    expect(sessions).toBe(300);
  },
);
