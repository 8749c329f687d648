import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import type { AgentDefinition } from '../../../src/index.ts';
import { record } from '../../../src/testing/index.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf } from '../../support/tools.ts';
import { askByName } from './ask-by-name.ts';
import { agent, either, flow, loop, named, parallel, sequence } from './nodes.ts';

test('a flow of many nodes leaves no listener on any signal, no timer, and no rejection', async () => {
  const signals = new Map<AbortSignal, number>();
  const watches: AgentDefinition = {
    key: 'watches',
    async *run({ signal, step }) {
      signals.set(signal, Math.max(signals.get(signal) ?? 0, getEventListeners(signal, 'abort').length));
      const outcome = yield* step();
      return outcome.type === 'acted' ? { type: 'done' } : outcome;
    },
  };
  await using house = await createHouse({ agents: [watches] });
  using strays = watchStrays();
  const controller = new AbortController();
  house.agent.registerCondition('later', () => new Promise<boolean>((resolve) => setImmediate(resolve, true)));
  const scripts = { ann: many(40, (n) => (n % 2 === 0 ? echo(`${n}`) : 'Ann says')), nobody: many(100, () => 'So') };
  const { model, requestsOf } = askByName(scripts);
  const turn = sequence(
    parallel([named('ann'), agent('watches'), parallel([agent('watches'), agent('watches')], 1)], 2),
    either('later', agent('watches')),
  );
  const { outcome } = await record(
    house.run(model, {
      customFlow: flow(loop('later', turn, 20)),
      toolManager: managerOf(echoTool()),
      maxLoopCount: 1_000,
      signal: controller.signal,
    }),
  );
  expect(outcome).toMatchObject({ reason: 'done' });
  expect([requestsOf('ann').length, requestsOf('nobody').length]).toEqual([40, 80]);
  for (const signal of signals.keys()) expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  // Nor do they pile up while it goes on.
  expect(Math.max(...signals.values())).toBeLessThan(5);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  expect(await strays.look()).toEqual(nothing);
});

function many<T>(count: number, create: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => create(n));
}
