import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Hooks, Run, RunOptions } from '../../../src/index.ts';
import { graceMs } from '../../../src/runtime/options/run-options.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { closed, pay, payTool, readAsked, refusedAs, yes, type ShownConfirmation } from '../../support/asking.ts';
import { callStatuses, expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { managerOf } from '../../support/tools.ts';

interface Scene {
  readonly house: TestHouse;
  readonly run: Run;
  readonly controller: AbortController;
  readonly id: string;
}

/** A run that waits for a person, and what is done to it then. */
async function stopped(act: (scene: Scene) => unknown, more: Partial<RunOptions> = {}) {
  await using house = await createHouse();
  using strays = watchStrays();
  const paid: string[] = [];
  const controller = new AbortController();
  const run = house.run(scriptedModel([{ toolCalls: [pay('bob')] }]), {
    whenApprovalNeeded: 'wait',
    sessionId: 's',
    toolManager: managerOf(payTool(paid)),
    signal: controller.signal,
    ...more,
  });
  let since = 0;
  const ids: string[] = [];
  const { chunks, outcome } = await readAsked(run, async ({ confirmation_id: id }: ShownConfirmation) => {
    ids.push(id);
    since = performance.now();
    await act({ house, run, controller, id });
  });
  const tookMs = performance.now() - since;
  expect(paid).toEqual([]);
  const stored = await readSession(house.root, 's');
  expectAtRest(stored);
  expect(callStatuses(stored)).toEqual(['not_run']);
  expect(await house.agent.listPendingConfirmations('s')).toEqual([]);
  await expect(house.agent.answerConfirmation('s', ids[0] ?? '', yes)).rejects.toMatchObject(refusedAs('answered'));
  expect(await strays.look()).toEqual(nothing);
  return { chunks, outcome, tookMs, stored };
}

describe('a run that waits for a person', () => {
  test.each<[string, string, (scene: Scene) => unknown]>([
    ['interrupted', 'interrupted', ({ house }) => void house.agent.interruptSession('s')],
    ['aborted', 'aborted', ({ controller }) => controller.abort()],
    ['aborted once it has gone on waiting', 'aborted', ({ controller }) => void setImmediate(() => controller.abort())],
  ])('is %s: it ends at once, the call was not run, and the question is dropped', async (_, reason, act) => {
    const { outcome, chunks, tookMs } = await stopped(act);
    expect(outcome).toMatchObject({ status: 'interrupted', reason, phase: 'tools', abandonedTools: [] });
    expect(closed(chunks)).toEqual(['dropped']);
    expect(tookMs).toBeLessThan(graceMs);
  });

  test('ends with the time of the whole run', async () => {
    const { outcome } = await stopped(() => {}, { deadlines: { totalMs: 50 } });
    expect(outcome).toMatchObject({ reason: 'deadline' });
  });

  test('is left by its reader', async () => {
    await using house = await createHouse();
    const run = house.run(scriptedModel([{ toolCalls: [pay('bob')] }]), {
      whenApprovalNeeded: 'wait',
      sessionId: 's',
      toolManager: managerOf(payTool([])),
    });
    for await (const batch of run) if (batch.some(({ message_type }) => message_type === 'confirmation')) break;
    expect(await run.outcome).toMatchObject({ reason: 'reader-gone' });
    expect(callStatuses(await readSession(house.root, 's'))).toEqual(['not_run']);
  });
});

describe('an abort beats an answer', () => {
  test.each<[string, (scene: Scene) => unknown]>([
    [
      'that comes right before it',
      ({ house, controller, id }) => {
        const answer = house.agent.answerConfirmation('s', id, yes);
        controller.abort();
        return answer.catch(() => {});
      },
    ],
    [
      'that is durable before it, and has not been heard of',
      async ({ house, controller, id }) => {
        await house.agent.answerConfirmation('s', id, yes);
        controller.abort();
      },
    ],
    [
      'that comes right behind it',
      ({ house, controller, id }) => {
        controller.abort();
        return house.agent.answerConfirmation('s', id, yes).catch(() => {});
      },
    ],
    [
      'that is being stored while the run waits',
      ({ house, controller, id }) => {
        setImmediate(() => {
          void house.agent.answerConfirmation('s', id, yes).catch(() => {});
          setImmediate(() => controller.abort());
        });
      },
    ],
  ])('%s: nothing runs, and that is what is stored', async (_, act) => {
    const { outcome } = await stopped(act);
    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'aborted' });
  });
});

test('a run that is stopped while a hook looks at what was allowed has not refused it: it was not run', async () => {
  const seen: string[] = [];
  let abort = (): void => {};
  const beforeTool: Hooks['beforeTool'] = ({ callKey }) => {
    if (seen.push(callKey) === 1) return undefined;
    setImmediate(abort);
    return new Promise(() => {});
  };
  const { outcome } = await stopped(
    ({ house, controller, id }) => {
      abort = () => controller.abort();
      return house.agent.answerConfirmation('s', id, yes);
    },
    { hooks: { beforeTool } },
  );
  expect(seen).toHaveLength(2);
  expect(outcome).toMatchObject({ reason: 'aborted' });
});

test('the time of a tool does not run while a person is asked', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const run = house.run(scriptedModel([{ toolCalls: [pay('bob')] }, 'Done.']), {
    whenApprovalNeeded: 'wait',
    sessionId: 's',
    toolManager: managerOf(payTool(paid)),
    deadlines: { toolMs: 10 },
  });
  const { outcome } = await readAsked(run, ({ confirmation_id: id }) => {
    const answerLater = async (): Promise<void> => {
      for (const began = performance.now(); performance.now() - began < 30;) await turn();
      await house.agent.answerConfirmation('s', id, yes);
    };
    void answerLater();
  });
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(paid).toEqual(['bob 1']);
});

test('a run that drives itself waits too, and is answered by whoever follows it', async () => {
  await using house = await createHouse();
  const paid: string[] = [];
  const options = house.options(scriptedModel([{ toolCalls: [pay('bob')] }, 'Done.']), {
    whenApprovalNeeded: 'wait',
    sessionId: 's',
    toolManager: managerOf(payTool(paid)),
  });
  const { done } = await house.agent.startRun(options);
  for await (const _ of house.agent.followSession('s')) {
    for (const { confirmation_id: id } of await house.agent.listPendingConfirmations('s'))
      await house.agent.answerConfirmation('s', id, yes);
  }
  expect(await done).toMatchObject({ reason: 'done' });
  expect(paid).toEqual(['bob 1']);
});
