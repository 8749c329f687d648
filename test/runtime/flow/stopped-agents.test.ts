/* oxlint-disable require-yield -- These agents have nothing to say. */
import { once } from 'node:events';
import { setTimeout as nextMoment } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { textOf, type AgentDefinition, type Run } from '../../../src/index.ts';
import { scriptedModel } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { agent, flow, loop, parallel, sayer, sequence } from './nodes.ts';

/** An agent that waits for its signal, and says what it does then. */
const waiter = (afterwards: AgentDefinition['run']): AgentDefinition => ({
  key: 'waiter',
  async *run(context) {
    const { add, signal } = context;
    yield add({ role: 'assistant', content: 'waiting' });
    if (!signal.aborted) await once(signal, 'abort');
    return yield* afterwards(context);
  },
});

/** Reads to the end; once the agent waits, the run is interrupted. */
async function interrupted(house: TestHouse, root = sequence(agent('waiter'), agent('never'))) {
  const run = house.run(scriptedModel([]), { sessionId: 's', customFlow: flow(root) });
  const seen = await readAndInterrupt(run, house);
  return { seen, outcome: await run.outcome };
}

async function readAndInterrupt(run: Run, house: TestHouse): Promise<string[]> {
  const seen: string[] = [];
  for await (const batch of run) {
    seen.push(...batch.map(textOf).filter((text) => text !== ''));
    if (seen.includes('waiting')) setImmediate(() => void house.agent.interruptSession('s'));
  }
  return seen;
}

const ends: [string, AgentDefinition['run'], string][] = [
  [
    'returns stopped',
    async function* run() {
      return { type: 'stopped' };
    },
    'interrupted',
  ],
  [
    'throws the reason',
    async function* run({ signal }) {
      throw signal.reason;
    },
    'interrupted',
  ],
  [
    'throws',
    async function* run() {
      throw new Error('Help!');
    },
    'interrupted',
  ],
  [
    'says that it is done',
    async function* run() {
      return { type: 'done' };
    },
    'interrupted',
  ],
  [
    'takes a step',
    async function* run({ step }) {
      return (yield* step()) as never;
    },
    'interrupted',
  ],
];

describe('an agent that hears its signal and', () => {
  test.each(ends)('%s ends with the run', async (_, afterwards, reason) => {
    await using house = await createHouse({ agents: [waiter(afterwards), sayer('never')] });
    using strays = watchStrays();
    const { seen, outcome } = await interrupted(house);
    expect(outcome).toMatchObject({ status: 'interrupted', reason });
    expect(outcome.error).toBeUndefined();
    expect(seen).toEqual(['waiting']);
    expectAtRest(await readSession(house.root, 's'));
    expect(await strays.look()).toEqual(nothing);
  });
});

describe('an agent that is deaf', () => {
  /** Never hears its signal. What it does when it is woken, after the run has ended, is told by `late`. */
  function deaf() {
    const wake = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    const definition: AgentDefinition = {
      key: 'waiter',
      async *run({ add, state }) {
        yield add({ role: 'assistant', content: 'waiting' });
        await wake.promise;
        const tried = [() => add({ role: 'assistant', content: 'late' }), () => state.set('late', true)];
        late.resolve(tried.map(errorOf));
        return { type: 'done' };
      },
    };
    return { definition, wake, late };
  }

  const places = {
    'alone': sequence(agent('waiter'), agent('never')),
    'in a loop': loop('always_true', agent('waiter'), 3),
    'beside another': parallel([agent('waiter'), agent('other')]),
  };

  test.each(Object.entries(places))(
    '(%s) is left behind after its grace, and can add nothing any more',
    async (_, root) => {
      const { definition, wake, late } = deaf();
      await using house = await createHouse({ agents: [definition, sayer('other'), sayer('never')] });
      using strays = watchStrays();
      const run = house.run(scriptedModel([]), { sessionId: 's', customFlow: flow(root) });
      for await (const batch of run) {
        if (!batch.some((chunk) => textOf(chunk) === 'waiting')) continue;
        setImmediate(() => void house.agent.interruptSession('s'));
      }
      expect(await run.outcome).toMatchObject({ status: 'interrupted', reason: 'interrupted' });
      const stored = await readSession(house.root, 's');
      expectAtRest(stored);

      wake.resolve();
      expect(await late.promise).toEqual(['AbortError', 'AbortError']);
      expect(await strays.look()).toEqual(nothing);
      expect((await readSession(house.root, 's')).entries).toEqual(stored.entries);
    },
  );
});

test('an agent that ends while the run stores its last words adds nothing behind them', async () => {
  const late = Promise.withResolvers<void>();
  const watches: AgentDefinition = {
    key: 'watches',
    async *run(context) {
      yield context.add({ role: 'assistant', content: 'waiting' });
      const isOver = () => context.messages.some(({ message_type }) => message_type === 'token_usage');
      while (!isOver()) await nextMoment(1);
      setImmediate(late.resolve);
      return { type: 'done' };
    },
  };
  await using house = await createHouse({ agents: [watches, sayer('never')] });
  const { outcome } = await interrupted(house, sequence(agent('watches'), agent('never')));
  await late.promise;
  expect(outcome).toMatchObject({ reason: 'interrupted' });
  expectAtRest(await readSession(house.root, 's'));
  expect((await house.agent.getTrace('s'))?.steps.map((step) => step.outcome)).toEqual([undefined, undefined]);
});

function errorOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.name : 'no error';
  }
}
