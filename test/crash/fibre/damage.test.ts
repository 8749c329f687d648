import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SAgent } from 'sagents';
import { readTree } from '../../support/tree.ts';
import { createRandom } from '../random.ts';
import { linesOf } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { goOn } from './continue.ts';
import { plantTree, recordTree, sessionId } from './recorded-tree.ts';
import { neverMind } from './team.ts';

test('damage to the journal of a tree is told of its children as of its root, which it names, and changes nothing', async () => {
  using root = new TemporaryRoot();
  const journal = await recordTree(root.path);
  const { state } = await readTree(root.path, sessionId);
  const ids = [sessionId, ...state.children.map((child) => child.sessionId)];
  const random = createRandom(1);
  const lines = linesOf(journal);
  expect(ids).toHaveLength(5);
  for (const [index, { start, end }] of lines.slice(0, -2).entries()) {
    if (index % 10 !== 0) continue;
    const folder = plantTree(root.path, `line-${index}`, journal);
    const path = join(folder, sessionId, 'journal.jsonl');
    const bit = start * 8 + Math.floor(random() * (end - start) * 8);
    const damaged = flip(journal, bit);
    writeFileSync(path, damaged);

    await using agent = new SAgent({ sessionRootSpace: folder });
    const damage = { code: 'journal-damaged', facts: { sessionId, offset: start } };
    for (const id of ids) {
      await expect(agent.getSessionStatus(id), `bit ${bit}, ${id}`).rejects.toMatchObject(damage);
      await expect(agent.getMessages(id)).rejects.toMatchObject(damage);
      await expect(agent.listChildren(id)).rejects.toMatchObject(damage);
      await expect(agent.followSession(id).next()).rejects.toMatchObject(damage);
    }
    await expect(goOn(folder)).rejects.toMatchObject(damage);
    await expect(goOn(folder, { input: neverMind })).rejects.toMatchObject(damage);
    expect(readFileSync(path)).toEqual(damaged);
  }
});

function flip(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}
