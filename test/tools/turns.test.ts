import { describe, expect, test, vi } from 'vitest';
import type { RanCall } from '../../src/tools/call-tools.ts';
import type { CallOutcome } from '../../src/tools/prepare-call.ts';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import { defineTool } from '../../src/tools/tool.ts';
import { Turns } from '../../src/tools/turns.ts';
import { aborted, calls, createStage, told, toolContext } from './helpers.ts';

/** A tool of one call at a time, each of which ends when its gate is opened. */
function createCounter(more: { readonly timeoutMs?: number } = {}) {
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const counter = defineTool({
    name: 'count',
    description: 'Counts.',
    concurrency: 1,
    ...more,
    async execute(_, { signal }) {
      running += 1;
      most = Math.max(most, running);
      const gate = new Promise<void>((resolve) => gates.push(resolve));
      await Promise.race([gate, aborted(signal)]);
      running -= 1;
      signal.throwIfAborted();
      return 'counted';
    },
  });
  return { counter, gates, most: () => most };
}

describe('a tool of one call at a time', () => {
  test('runs the calls of one message after each other', async () => {
    const { counter, gates, most } = createCounter();
    const { run, outcomes } = createStage([counter]);
    const running = run(calls(['count'], ['count'], ['count']));
    for (const index of [0, 1, 2]) {
      await vi.waitFor(() => expect(gates).toHaveLength(index + 1));
      gates[index]?.();
    }
    await running;
    expect([most(), outcomes.map(({ content }) => content)]).toEqual([1, ['counted', 'counted', 'counted']]);
  });

  test('has one turn for all runs that share it', async () => {
    const { counter, gates, most } = createCounter();
    const stages = [createStage([counter]), createStage([counter])];
    const runs = stages.map(({ run }) => run(calls(['count'])));
    for (const index of [0, 1]) {
      await vi.waitFor(() => expect(gates).toHaveLength(index + 1));
      gates[index]?.();
    }
    await Promise.all(runs);
    expect(most()).toBe(1);
  });

  test('does not hold up other tools', async () => {
    const { counter, gates } = createCounter();
    const other = defineTool({ name: 'look', description: 'Looks.', execute: () => 'a lake' });
    const { run, log } = createStage([counter, other]);
    const running = run(calls(['count'], ['count'], ['look']));
    await vi.waitFor(() => expect(log).toContain('result 2: success'));
    gates[0]?.();
    await vi.waitFor(() => expect(gates).toHaveLength(2));
    gates[1]?.();
    await running;
  });

  test('does not count waiting as its time', async () => {
    const { counter, gates } = createCounter({ timeoutMs: 200 });
    const { run, outcomes } = createStage([counter]);
    // The first uses up its time, which the second has waited for and still has all of its own.
    const running = run(calls(['count'], ['count']));
    await vi.waitFor(() => expect(gates).toHaveLength(2));
    gates[1]?.();
    await running;
    expect(told(outcomes[0])).toMatchObject({ error_code: 'TIMEOUT' });
    expect(outcomes[1]).toEqual({ status: 'success', content: 'counted' });
  });

  test('lets a run that is stopped go: calls that wait have not run', async () => {
    const { counter, gates } = createCounter();
    const { run, outcomes, controller } = createStage([counter]);
    const running = run(calls(['count'], ['count']));
    await vi.waitFor(() => expect(gates).toHaveLength(1));
    controller.abort();
    await running;
    expect(outcomes.map(({ status }) => status)).toEqual(['cancelled', 'not_run']);
    expect(gates).toHaveLength(1);
    const next = counter.turns?.take(new AbortController().signal);
    await expect(next).resolves.toBeDefined();
  });
});

describe('a tool whose places are all held by calls that were left behind', () => {
  const refusal =
    'Tool "deaf" cannot run now: as many calls of it as may run at a time were stopped, and have not ended. This one was not run.';

  function createDeaf(concurrency: number) {
    const gates: PromiseWithResolvers<string>[] = [];
    const deaf = defineTool({
      name: 'deaf',
      description: 'Deaf.',
      concurrency,
      timeoutMs: 5,
      execute() {
        const gate = Promise.withResolvers<string>();
        gates.push(gate);
        return gate.promise;
      },
    });
    return { deaf, gates };
  }

  test('answers further calls at once, also those that wait, and is told to no hook', async () => {
    const { deaf, gates } = createDeaf(2);
    const hooked: number[] = [];
    const after = async ({ placed }: RanCall, outcome: CallOutcome) => {
      hooked.push(placed.index);
      return outcome;
    };
    const { run, outcomes } = createStage([deaf], { graceMs: 5, after });
    await run(calls(['deaf'], ['deaf'], ['deaf']));
    expect(outcomes.map(told)).toEqual([
      expect.objectContaining({ error_code: 'TIMEOUT' }),
      expect.objectContaining({ error_code: 'TIMEOUT' }),
      { status: 'error', error_code: 'EXECUTION_ERROR', message: refusal },
    ]);
    const other = createStage([deaf]);
    await other.run(calls(['deaf']));
    expect(told(other.outcomes[0])).toMatchObject({ message: refusal });
    await expect(new ToolManager({ tools: [deaf] }).runTool('deaf', {})).rejects.toThrow(refusal);
    expect([gates.length, hooked]).toEqual([2, [0, 1]]);
  });

  test('can be called again when one of them has ended', async () => {
    const { deaf, gates } = createDeaf(1);
    const { run, log } = createStage([deaf], { graceMs: 5 });
    await run(calls(['deaf']));
    expect(log).toContain('deaf abandoned');
    const take = async () => deaf.turns?.take(toolContext().signal);
    expect(await take().catch((error: Error) => error)).toBeInstanceOf(Error);
    gates[0]?.resolve('late');
    const turn = await vi.waitFor(take);
    turn?.[Symbol.dispose]();
    await expect(take()).resolves.toBeDefined();
  });

  test('has its calls wait while one of them is not left behind', async () => {
    const turns = new Turns(2);
    const { signal } = toolContext();
    const [first, second] = [await turns.take(signal), await turns.take(signal)];
    first?.abandon();
    const third = turns.take(signal);
    second?.[Symbol.dispose]();
    await expect(third).resolves.toBeDefined();
  });
});

describe('turns', () => {
  test('are taken in the order they were asked for, and one that is no longer wanted is passed over', async () => {
    const turns = new Turns(1);
    const { signal } = new AbortController();
    const first = await turns.take(signal);
    const controller = new AbortController();
    const order: string[] = [];
    const given_up = turns.take(controller.signal).catch((error: Error) => order.push(error.message));
    const last = turns.take(signal).then(() => order.push('last'));
    controller.abort(new Error('given up'));
    await given_up;
    first[Symbol.dispose]();
    await last;
    expect(order).toEqual(['given up', 'last']);
  });

  test('are refused to whoever has stopped already', async () => {
    await expect(new Turns(1).take(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
