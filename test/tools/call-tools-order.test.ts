import { describe, expect, test, vi } from 'vitest';
import { calls, createStage, tool } from './helpers.ts';

/** Turns of the event loop in which anything that could start would have. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('the calls of one message', () => {
  test('are all intended before the first of them starts', async () => {
    const durable = Promise.withResolvers<void>();
    const intended: number[][] = [];
    const { log, run } = createStage([tool('look', () => log.push('look starts'))], {
      effects: {
        intents: (placed) => {
          intended.push(placed.map(({ index }) => index));
          return durable.promise;
        },
        result: ({ index }) => log.push(`result ${index}`),
      },
    });
    const running = run(calls(['look'], ['look']));
    await vi.waitFor(() => expect(intended).toHaveLength(1));
    await settle();
    expect([intended, log]).toEqual([[[0, 1]], []]);
    durable.resolve();
    await running;
    expect(log).toEqual(['look starts', 'look starts', 'result 0', 'result 1']);
  });

  test('that cannot start are not intended, and answered before the others start', async () => {
    const { log, run } = createStage([tool('look', () => log.push('look starts'))]);
    const events = await run(calls(['fly'], ['look']));
    expect(log).toEqual(['intents 1', 'result 0: error', 'look starts', 'result 1: success']);
    expect(events.map(({ type, placed }) => [type, placed.index])).toEqual([
      ['result', 0],
      ['result', 1],
    ]);
  });

  test('intend nothing when none can start', async () => {
    const { log, run } = createStage([]);
    await run(calls(['fly']));
    expect(log).toEqual(['result 0: error']);
    expect(await run([])).toEqual([]);
  });

  test('run side by side, and each result is recorded the moment it is there', async () => {
    const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const { log, open } = createStage([
      tool('first', () => gates[0]?.promise),
      tool('second', () => gates[1]?.promise),
    ]);
    const running = open(calls(['first'], ['second']));
    const event = running.next();
    gates[1]?.resolve('done');
    expect((await event).value).toMatchObject({ type: 'result', placed: { index: 1 } });
    expect(log).toEqual(['intents 0,1', 'result 1: success']);
    gates[0]?.resolve('done');
    await running.next();
    expect(log.at(-1)).toBe('result 0: success');
  });

  test('are recorded even while nobody takes what they yield', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = tool('slow', () => gate.promise);
    const { log, open } = createStage([tool('look', () => 'a lake'), slow]);
    const running = open(calls(['look'], ['slow']));
    await running.next();
    gate.resolve();
    await settle();
    expect(log).toEqual(['intents 0,1', 'result 0: success', 'result 1: success']);
    await running.return('settled');
  });

  test('run at most eight at once; the ninth starts when a place is free', async () => {
    const gate = Promise.withResolvers<void>();
    const { log, run } = createStage([
      tool('wait', async (_, { callId }) => {
        log.push(`${callId} starts`);
        if (callId !== 'c3') await gate.promise;
      }),
    ]);
    const running = run(calls(...Array.from({ length: 10 }, () => ['wait'] as const)));
    await settle();
    expect(log.slice(1)).toEqual([
      ...Array.from({ length: 8 }, (_, index) => `c${index} starts`),
      'result 3: success',
      'c8 starts',
    ]);
    gate.resolve();
    expect(await running).toHaveLength(10);
  });

  test('tell each tool which call it is', async () => {
    const ids: string[] = [];
    const { run } = createStage([tool('look', (_, { callId }) => ids.push(callId))]);
    await run(calls(['look'], ['look']));
    expect(ids).toEqual(['c0', 'c1']);
  });
});
