import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { textOf, type AgentDefinition, type Run } from '../../../src/index.ts';
import { stall, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRestSideBySide, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { call, managerOf, newLog, waitingTool } from '../../support/tools.ts';
import { watchModel } from '../../support/watch-model.ts';
import { askByName } from './ask-by-name.ts';
import { agent, either, flow, named, parallel, sequence } from './nodes.ts';

type Stop = (house: TestHouse, controller: AbortController) => unknown;

const stops: [string, Stop | 'leave', string][] = [
  ['the caller’s signal', (_, controller) => controller.abort(), 'aborted'],
  ['an interrupt', (house) => house.agent.interruptSession('s'), 'interrupted'],
  ['a reader that leaves', 'leave', 'reader-gone'],
];

/** One branch streams, one is in a tool, one is at work in the host's own code, and one waits for a condition. */
async function allAtWork(house: TestHouse, stop: Stop | 'leave') {
  const controller = new AbortController();
  const log = newLog();
  const toolStarted = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  house.agent.registerCondition('never_tells', () => {
    asked.resolve();
    return new Promise<boolean>(() => {});
  });
  const others = Promise.all([toolStarted.promise, asked.promise]);
  const ann: ScriptedAnswer = { text: ['a1', 'a2', 'never'], at: { 1: () => others, 2: stall } };
  const model = watchModel(askByName({ ann: [ann], bob: [call('wait')] }).model);
  const branches = [named('ann'), named('bob'), agent('waits'), either('never_tells', agent('waits'))];
  const run = house.run(model, {
    sessionId: 's',
    customFlow: flow(sequence(parallel(branches), named('never'))),
    toolManager: managerOf(waitingTool(log, { onStart: toolStarted.resolve })),
    signal: controller.signal,
  });
  const seen = await read(run, () => (stop === 'leave' ? 'leave' : void stop(house, controller)));
  return { outcome: await run.outcome, model, log, seen };
}

/** Reads until ann's second word, then does as it is told. */
async function read(run: Run, atWork: () => 'leave' | void): Promise<string[]> {
  const seen: string[] = [];
  for await (const batch of run) {
    seen.push(...batch.map(textOf));
    if (batch.some(({ content }) => content === 'a2') && atWork() === 'leave') break;
  }
  return seen;
}

const waits = (ended: unknown[]): AgentDefinition => ({
  key: 'waits',
  async *run({ add, signal }) {
    try {
      yield add({ role: 'assistant', content: 'waiting' });
      if (!signal.aborted) await once(signal, 'abort');
      return { type: 'stopped' };
    } finally {
      ended.push(signal.aborted);
    }
  },
});

describe.each(stops)('%s', (_, stop, reason) => {
  test('stops all that is at work side by side, and leaves nothing behind', async () => {
    const ended: unknown[] = [];
    await using house = await createHouse({ agents: [waits(ended)] });
    using strays = watchStrays();
    const { outcome, model, log, seen } = await allAtWork(house, stop);
    expect(outcome).toMatchObject({ status: 'interrupted', reason, abandonedTools: [] });
    expect(ended).toEqual([true]);
    expect(log).toEqual({ started: 1, finished: 1, aborted: [true] });
    expect(model.open).toBe(0);
    expect(seen).not.toContain('never');
    const stored = await readSession(house.root, 's');
    expectAtRestSideBySide(stored);
    expect(callStatuses(stored)).toEqual(['cancelled']);
    expect(await strays.look()).toEqual(nothing);
  });
});
