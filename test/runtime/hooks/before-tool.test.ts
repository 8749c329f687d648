import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { HookedCall, Hooks, RunOptions } from '../../../src/index.ts';
import { graceMs } from '../../../src/runtime/options/run-options.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { asked, pay, payTool, readAsked, told, yes } from '../../support/asking.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { answerAll, begin, goOn, note, notingTool, waits } from '../../support/suspending.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

type Hook = NonNullable<Hooks['beforeTool']>;

/** A run that notes something, if the hook lets it. */
async function hooked(beforeTool: Hook, more: Partial<RunOptions> = {}) {
  await using house = await createHouse();
  const ran: string[] = [];
  const model = scriptedModel([{ toolCalls: [note('a')] }, 'Done.']);
  const toolManager = managerOf(notingTool(ran));
  const { outcome } = await record(house.run(model, { toolManager, sessionId: 's', hooks: { beforeTool }, ...more }));
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  const trace = (await house.agent.getTrace('s'))?.hooks ?? [];
  return { ran, outcome, results: told(stored.messages), trace, stored };
}

describe('beforeTool', () => {
  test('is told of a call as it will be run, and lets it pass by saying nothing', async () => {
    const seen: unknown[] = [];
    const { ran, trace, stored } = await hooked(
      (call, { signal: _signal, ...context }) => void seen.push(call, context),
    );
    const messageId = stored.messages.find(({ tool_calls }) => tool_calls)?.message_id;
    expect(seen).toEqual([
      { tool: 'note', effect: 'once', args: { text: 'a' }, callKey: `${messageId}-0` },
      { sessionId: 's', runId: expect.any(String), agentName: 'simple' },
    ]);
    expect(ran).toEqual(['a']);
    expect(trace).toMatchObject([{ hook: 'beforeTool', outcome: 'passed' }]);
  });

  test('refuses a call, and the model is told why', async () => {
    const { ran, results, trace, stored } = await hooked(() => ({ action: 'deny', reason: 'Not on Sundays.' }));
    expect(ran).toEqual([]);
    expect(results).toEqual(['Tool "note" was not run. Not on Sundays.']);
    expect(trace).toMatchObject([{ outcome: 'said', action: 'deny', reason: 'Not on Sundays.' }]);
    expect(stored.entries.some(({ type }) => type === 'intents')).toBe(false);
  });

  test.each<[string, Hook, string]>([
    [
      'throws',
      () => {
        throw new Error('No database.');
      },
      'failed: No database.',
    ],
    ['rejects', () => Promise.reject(new Error('No database.')), 'failed: No database.'],
    ['never ends', () => new Promise(() => {}), 'did not end within 20 ms'],
    ['gives true', () => true as never, 'something it may not give'],
    ['gives null', () => null as never, 'something it may not give'],
    ['allows', () => ({ action: 'allow', reason: 'Sure.' }) as never, 'something it may not give'],
    ['refuses without a reason', () => ({ action: 'deny' }) as never, 'something it may not give'],
    ['gives a list', () => [{ action: 'deny', reason: 'x' }] as never, 'something it may not give'],
  ])('refuses the call where it %s', async (_, beforeTool, why) => {
    const { ran, results, trace, outcome } = await hooked(beforeTool, { deadlines: { hookMs: 20 } });
    expect(ran).toEqual([]);
    expect(results).toEqual([expect.stringContaining(why)]);
    expect(trace).toMatchObject([{ outcome: 'failed', reason: expect.stringContaining(why) }]);
    expect(outcome).toMatchObject({ reason: 'done' });
  });

  test('that says something late is not heard', async () => {
    const signals: AbortSignal[] = [];
    const late: Hook = async (_, { signal }) => {
      signals.push(signal);
      await once(signal, 'abort');
    };
    const { ran, results } = await hooked(late, { deadlines: { hookMs: 20 } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(ran).toEqual([]);
    expect(results).toHaveLength(1);
  });

  test('that is pending when the run is stopped has allowed nothing, and holds nobody up', async () => {
    using strays = watchStrays();
    const controller = new AbortController();
    const began = performance.now();
    const deaf: Hook = () => {
      setImmediate(() => controller.abort());
      return new Promise(() => {});
    };
    const { ran, outcome, trace, results } = await hooked(deaf, { signal: controller.signal });
    expect(ran).toEqual([]);
    expect(outcome).toMatchObject({ reason: 'aborted', phase: 'tools' });
    expect(results).toEqual([expect.stringContaining('not run')]);
    expect(trace).toEqual([]);
    expect(performance.now() - began).toBeLessThan(graceMs);
    expect(await strays.look()).toEqual(nothing);
  });

  test('has a person asked, who is told its reason', async () => {
    await using house = await createHouse();
    const ran: string[] = [];
    const calls: HookedCall[] = [];
    const beforeTool: Hook = (call) => {
      calls.push(call);
      return { action: 'ask', reason: 'It is expensive.' };
    };
    const more = { toolManager: managerOf(notingTool(ran)), hooks: { beforeTool }, sessionId: 's' } as const;
    const model = scriptedModel([{ toolCalls: [note('a')] }, 'Done.']);
    const run = house.run(model, { ...more, whenApprovalNeeded: 'wait' });
    const { chunks } = await readAsked(run, ({ confirmation_id: id }) => house.agent.answerConfirmation('s', id, yes));
    expect(asked(chunks)).toMatchObject([{ reason: 'It is expensive.', tool: 'note' }]);
    expect(ran).toEqual(['a']);
    // Whatever it says of the same call again, the person has answered.
    expect(new Set(calls.map(({ callKey }) => callKey)).size).toBe(1);
  });

  test('is refused where it would have a person asked and nobody answers', async () => {
    const { ran, results } = await hooked(() => ({ action: 'ask', reason: 'It is expensive.' }));
    expect(ran).toEqual([]);
    expect(results).toEqual([expect.stringContaining('nobody answers in this run')]);
  });

  test('is asked again when a suspended call goes on: it may refuse then, and asks nobody anew', async () => {
    for (const [then, expected] of [
      [{ action: 'ask', reason: 'Still.' }, ['a']],
      [{ action: 'deny', reason: 'Too late.' }, []],
    ] as const) {
      await using house = await createHouse();
      const ran: string[] = [];
      const toolManager = managerOf(notingTool(ran));
      const ask: Hook = () => ({ action: 'ask', reason: 'Is it so?' });
      const first = await begin(house, scriptedModel([{ toolCalls: [note('a')] }]), {
        toolManager,
        hooks: { beforeTool: ask },
      });
      expect(first.outcome).toMatchObject(waits);
      await answerAll(house.restart());
      const second = await goOn(house, scriptedModel(['Done.']), { toolManager, hooks: { beforeTool: () => then } });
      expect(second.outcome).toMatchObject({ reason: 'done' });
      expect(ran).toEqual(expected);
    }
  });

  test('does not let pass what its tool would have a person asked about', async () => {
    await using house = await createHouse();
    const paid: string[] = [];
    const more = { toolManager: managerOf(payTool(paid)), hooks: { beforeTool: () => undefined } };
    const { outcome } = await begin(house, scriptedModel([{ toolCalls: [pay('bob')] }]), more);
    expect(outcome).toMatchObject(waits);
    expect(paid).toEqual([]);
  });

  test('is not asked about what cannot run anyway', async () => {
    await using house = await createHouse();
    const seen: unknown[] = [];
    const calls = [{ name: 'unknown' }, { name: 'note', arguments: { text: 7 } }, { name: 'note', arguments: '{' }];
    const hooks: Hooks = { beforeTool: (call) => void seen.push(call), afterTool: (call) => void seen.push(call) };
    const run = house.run(scriptedModel([{ toolCalls: calls }, 'Done.']), {
      toolManager: managerOf(notingTool([])),
      hooks,
    });
    await record(run);
    expect(seen).toEqual([]);
  });
});
