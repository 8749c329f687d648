import fc from 'fast-check';
import { assembleMessages, textOf, type Content, type MessageChunk } from 'sagents';
import { describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../examples/sage-server/snapshot.ts';
import { begin, follow, isDone } from '../support/follow-events.ts';
import { SageServer } from '../support/sage-server.ts';

interface Words {
  readonly messages: ReadonlyMap<string, { readonly message_id: string; readonly content: Content | null }>;
}

interface Tree {
  readonly words: Words;
  readonly children: ReadonlyMap<string, { readonly words?: Words; load(take: () => Promise<unknown>): Promise<void> }>;
  readonly lastSeq: number;
  fold(chunks: readonly MessageChunk[]): void;
}

type TreeClass = new (sessionId: string, snapshot: unknown) => Tree;

/** The page has no types: it is what a browser is given. */
async function pageModule(name: string): Promise<Record<string, unknown>> {
  const url = new URL(`../../examples/sage-server/page/${name}`, import.meta.url).href;
  return (await import(url)) as Record<string, unknown>;
}

const of = (chunks: readonly MessageChunk[], id: string) => chunks.filter(({ session_id }) => session_id === id);
const idsIn = (chunks: readonly MessageChunk[]) => [...new Set(chunks.map(({ session_id }) => session_id))];
const textsOf = (messages: Iterable<{ readonly message_id: string; readonly content: Content | null }>) =>
  [...messages].map(({ message_id, content }) => [message_id, content === null ? '' : textOf({ content })]);

describe('the words of a tree', { timeout: 60_000 }, () => {
  test('are whole, each once, whenever a page comes and whenever it asks for those of a child', async () => {
    await using server = await SageServer.start({ SAGE_PACE_MS: '0' });
    const root = await begin(server, 'Plan a day in Porto', 'team');
    const { chunks: all } = await follow(server, root, (seen) => isDone(of(seen, root)));
    const { SessionTree } = (await pageModule('session-tree.js')) as { readonly SessionTree: TreeClass };
    const snapshotAt = (id: string, place: number) => ({ messages: assembleMessages(of(all.slice(0, place), id)) });
    const place = fc.integer({ min: 0, max: all.length });
    await fc.assert(
      fc.asyncProperty(place, place, place, place, async (one, two, three, four) => {
        // A page comes, later it asks for children, and the server reads them: before or after the answer more is said.
        const [came = 0, asked = 0, ...later] = [one, two, three, four].sort((less, more) => less - more);
        const [read = 0, answered = 0] = three < four ? later : later.toReversed();
        const children = idsIn(all.slice(0, came)).filter((id) => id !== root);
        const tree = new SessionTree(root, {
          ...snapshotAt(root, came),
          last_seq: all[came - 1]?.seq ?? 0,
          children: children.map((session_id) => ({ session_id })),
        });
        tree.fold(all.slice(came, asked));
        const answers = children.map((id) => {
          const { promise, resolve } = Promise.withResolvers<unknown>();
          const loaded = Promise.resolve(tree.children.get(id)?.load(() => promise));
          return { loaded, answer: () => resolve(snapshotAt(id, read)) };
        });
        tree.fold(all.slice(asked, answered));
        for (const { answer } of answers) answer();
        await Promise.all(answers.map(({ loaded }) => loaded));
        tree.fold(all.slice(answered));
        expect(tree.lastSeq).toBe(all.at(-1)?.seq);
        for (const id of idsIn(all)) {
          const words = id === root ? tree.words : tree.children.get(id)?.words;
          expect(textsOf(words?.messages.values() ?? [])).toEqual(textsOf(assembleMessages(of(all, id))));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('are followed from a cursor that is no newer than what the snapshot has of the session itself', async () => {
    let seq = 0;
    const agent = {
      listChildren: async () => [{ sessionId: 'child', parentId: 'root', agentId: 'critic', status: 'running' }],
      // Somebody says something before each of them is read.
      getMessages: async () => [{ seq: (seq += 1) }],
      getSessionStatus: async () => 'running',
      listPendingUserInjections: async () => [],
      listPendingConfirmations: async () => [],
      getTrace: async () => undefined,
    };
    const desk = { agent, flowOf: async () => 'team' } as unknown as Parameters<typeof takeSnapshot>[0];
    const { last_seq, messages } = await takeSnapshot(desk, 'root');
    expect(messages.map((message) => message.seq)).toEqual([last_seq]);
  });
});
