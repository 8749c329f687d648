import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { MessageChunk } from '../../../src/index.ts';
import { scriptedModel, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { managerOf, newLog, tellingTool, waitingTool, type ToolLog } from '../../support/tools.ts';
import { watchModel } from '../../support/watch-model.ts';

const script: readonly ScriptedAnswer[] = [
  {
    reasoning: ['I ', 'think'],
    text: ['one ', 'two'],
    toolCalls: [
      { name: 'wait', arguments: ['{', '}'] },
      { name: 'tell', arguments: ['{', '}'] },
    ],
  },
];

/** Reads so many batches, then leaves; the batches of progress come after those of the answer, and have no end. */
async function leaveAfter(batches: number, house: TestHouse, logs: readonly [ToolLog, ToolLog]) {
  const model = watchModel(scriptedModel(script));
  const { signal } = new AbortController();
  const run = house.run(model, {
    toolManager: managerOf(waitingTool(logs[0]), tellingTool(logs[1])),
    signal,
    sessionId: 's',
  });
  const seen: MessageChunk[] = [];
  let read = 0;
  for await (const batch of run) {
    seen.push(...batch);
    read += 1;
    if (read === batches) break;
  }
  return { run, model, seen, signal };
}

/** Eight pieces and the closing one, then three of progress. */
const moments = Array.from({ length: 12 }, (_, index) => index + 1);

describe.each(moments)('a reader that leaves after %i batches', (batches) => {
  test('leaves nothing behind', async () => {
    await using house = await createHouse();
    using strays = watchStrays();
    const logs = [newLog(), newLog()] as const;
    const { run, model, seen, signal } = await leaveAfter(batches, house, logs);

    expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'reader-gone', abandonedTools: [] });
    expect(model.open).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    for (const { started, finished, aborted } of logs) {
      expect(finished).toBe(started);
      expect(aborted).not.toContain(false);
    }
    expect(seen.map(({ message_type }) => message_type)).not.toContain('token_usage');
    expect(await strays.look()).toEqual(nothing);
  });

  test('finds the session at rest, and may go on at once', async () => {
    await using house = await createHouse();
    const { seen } = await leaveAfter(batches, house, [newLog(), newLog()]);
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    expect(stored.chunks).toEqual(expect.arrayContaining(seen));

    const reply = stored.messages.find(({ role }) => role === 'assistant');
    const isCut = batches < 9;
    expect(reply?.metadata).toEqual(isCut ? { incomplete: 'aborted' } : undefined);
    expect(callStatuses(stored)).toHaveLength(isCut ? 0 : 2);

    const next = house.run(scriptedModel(['Hi again']), { sessionId: 's' });
    for await (const _ of next);
    expect(await next.outcome).toMatchObject({ reason: 'done' });
  });
});
