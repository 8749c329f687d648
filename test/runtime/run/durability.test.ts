import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { scriptedModel } from '../../../src/testing/index.ts';
import { nodeFiles } from '../../../src/session/file-store/append-log.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';

afterEach(() => void vi.restoreAllMocks());

/** How long the journal was at the last sync that was done. */
function watchSyncs(house: TestHouse) {
  const path = join(house.root, 's', 'journal.jsonl');
  const synced = { count: 0, length: 0 };
  const { fdatasync } = nodeFiles;
  vi.spyOn(nodeFiles, 'fdatasync').mockImplementation(async (fd) => {
    const { length } = readFileSync(path);
    await fdatasync(fd);
    synced.count += 1;
    synced.length = length;
  });
  return { synced, lengthNow: () => readFileSync(path).length, journal: () => readFileSync(path, 'utf8') };
}

const script = [echo('a'), { text: ['b', 'c', 'd'] }];

describe('durability', () => {
  test.each(['batch', 'strict'] as const)('%s: a batch is stored before it is seen', async (durability) => {
    await using house = await createHouse();
    const { journal } = watchSyncs(house);
    const run = house.run(scriptedModel([{ text: ['first', 'second'] }]), { sessionId: 's', durability });
    const seen: unknown[] = [];
    for await (const batch of run) {
      const texts = batch.flatMap(({ content }) => (content ? [content] : []));
      for (const text of texts) expect(journal()).toContain(JSON.stringify(text));
      seen.push(...texts);
    }
    expect(seen).toEqual(['first', 'second']);
  });

  test("'strict': nothing is seen that would not survive a loss of power", async () => {
    await using house = await createHouse();
    const { synced, lengthNow } = watchSyncs(house);
    const run = house.run(scriptedModel(script), {
      sessionId: 's',
      durability: 'strict',
      toolManager: managerOf(echoTool()),
    });
    for await (const _ of run) expect(synced.length).toBe(lengthNow());
    expect(await run.outcome).toMatchObject({ reason: 'done' });
  });

  test("'batch' (default): one sync for the start, one a step with calls, one for the end", async () => {
    await using house = await createHouse();
    const { synced, lengthNow } = watchSyncs(house);
    const run = house.run(scriptedModel([echo('a'), echo('b'), 'Done']), {
      sessionId: 's',
      toolManager: managerOf(echoTool()),
    });
    for await (const _ of run);
    expect(synced).toEqual({ count: 4, length: lengthNow() });
  });

  test('a tool starts only when its intent would survive a loss of power', async () => {
    await using house = await createHouse();
    const { synced, lengthNow } = watchSyncs(house);
    const echoing = echoTool();
    const lengths: [number, number][] = [];
    const execute: typeof echoing.execute = (args, context) => {
      lengths.push([synced.length, lengthNow()]);
      return echoing.execute(args, context);
    };
    const run = house.run(scriptedModel(script), { sessionId: 's', toolManager: managerOf({ ...echoing, execute }) });
    for await (const _ of run);
    expect(lengths).toHaveLength(1);
    expect(lengths[0]?.[0]).toBe(lengths[0]?.[1]);
  });
});
