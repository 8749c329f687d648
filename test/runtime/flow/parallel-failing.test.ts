import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { AgentDefinition, RunOptions } from '../../../src/index.ts';
import { httpError, record, type ScriptedAnswer } from '../../../src/testing/index.ts';
import { callStatuses, expectAtRestSideBySide, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse } from '../../support/test-house.ts';
import { call, deafTool, managerOf, newLog, waitingTool } from '../../support/tools.ts';
import { watchModel } from '../../support/watch-model.ts';
import { askByName } from './ask-by-name.ts';
import { agent, flow, named, parallel } from './nodes.ts';

/** Two ways to fail, once `when` has come, and what the run then comes to. */
function failures(when: Promise<unknown>) {
  const refuse = async (): Promise<never> => {
    await when;
    throw httpError(400, 'No such thing.');
  };
  const thrower: AgentDefinition = {
    key: 'thrower',
    // oxlint-disable-next-line require-yield -- It fails before it says anything.
    async *run() {
      await when;
      throw new TypeError('I have a bug.');
    },
  };
  const fails: ScriptedAnswer = { text: '', at: { 0: refuse } };
  return { fails, thrower };
}

const ways = [
  ['a model that refuses', named('fails'), { reason: 'model-error', code: 'model-error', words: 'No such thing.' }],
  ['an agent that throws', agent('thrower'), { reason: 'flow-error', code: 'flow-error', words: 'Agent "thrower"' }],
] as const;

describe.each(ways)('a branch that fails by %s', (_, failing, { reason, code, words }) => {
  const failed = { status: 'failed', reason, error: { code, message: expect.stringContaining(words) } };

  test('stops the model calls of its siblings', async () => {
    const begun = Promise.withResolvers<void>();
    const { fails, thrower } = failures(begun.promise);
    await using house = await createHouse({ agents: [thrower] });
    using strays = watchStrays();
    const aborted = Promise.withResolvers<unknown>();
    const { model } = askByName({
      fails: [fails],
      ann: [
        {
          text: ['a1', 'never'],
          at: {
            1: async ({ signal }) => {
              begun.resolve();
              await once(signal, 'abort');
              aborted.resolve(signal.aborted);
              signal.throwIfAborted();
            },
          },
        },
      ],
    });
    const watched = watchModel(model);
    const run = house.run(watched, { sessionId: 's', customFlow: flow(parallel([named('ann'), failing])) });
    const { chunks, outcome } = await record(run);
    expect(outcome).toMatchObject(failed);
    expect(await aborted.promise).toBe(true);
    expect(watched.open).toBe(0);
    expect(chunks.filter(({ message_type }) => message_type === 'error')).toMatchObject([{ error_info: { code } }]);
    const stored = await readSession(house.root, 's');
    expectAtRestSideBySide(stored);
    expect(stored.messages.find(({ content }) => content === 'a1')?.metadata).toEqual({ incomplete: 'aborted' });
    expect(await strays.look()).toEqual(nothing);
  });

  test('stops the tools of its siblings', async () => {
    const begun = Promise.withResolvers<void>();
    const { fails, thrower } = failures(begun.promise);
    await using house = await createHouse({ agents: [thrower] });
    using strays = watchStrays();
    const log = newLog();
    const { model } = askByName({ fails: [fails], ann: [call('wait')] });
    const run = house.run(model, {
      sessionId: 's',
      customFlow: flow(parallel([failing, named('ann')])),
      toolManager: managerOf(waitingTool(log, { onStart: begun.resolve })),
    });
    expect((await record(run)).outcome).toMatchObject({ ...failed, abandonedTools: [] });
    expect(log).toEqual({ started: 1, finished: 1, aborted: [true] });
    const stored = await readSession(house.root, 's');
    expectAtRestSideBySide(stored);
    expect(callStatuses(stored)).toEqual(['cancelled']);
    expect(await strays.look()).toEqual(nothing);
  });

  test('does not wait longer than the grace for a tool that is deaf, and names it', async () => {
    const begun = Promise.withResolvers<void>();
    const { fails, thrower } = failures(begun.promise);
    await using house = await createHouse({ agents: [thrower] });
    const { model } = askByName({ fails: [fails], ann: [call('deaf')] });
    const run = house.run(model, {
      sessionId: 's',
      customFlow: flow(parallel([failing, named('ann')])),
      toolManager: managerOf(deafTool(begun.resolve)),
    });
    expect((await record(run)).outcome).toMatchObject({ ...failed, abandonedTools: ['deaf'] });
    const stored = await readSession(house.root, 's');
    expectAtRestSideBySide(stored);
    expect(callStatuses(stored)).toEqual(['cancelled']);
  });

  test('lets no branch begin that was waiting for its place', async () => {
    const { fails, thrower } = failures(Promise.resolve());
    await using house = await createHouse({ agents: [thrower] });
    const { model, requestsOf } = askByName({ fails: [fails], ann: ['never'] });
    const more: Partial<RunOptions> = { sessionId: 's', customFlow: flow(parallel([failing, named('ann')], 1)) };
    expect((await record(house.run(model, more))).outcome).toMatchObject(failed);
    expect(requestsOf('ann')).toEqual([]);
    expect((await house.agent.getTrace('s'))?.steps.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['root', undefined],
      ['root/branches/0', undefined],
    ]);
  });
});

test('a session goes on after a branch has failed', async () => {
  const { fails } = failures(Promise.resolve());
  await using house = await createHouse();
  const { model, requestsOf } = askByName({ fails: [fails], ann: ['a1', 'a2'] });
  await record(house.run(model, { sessionId: 's', customFlow: flow(parallel([named('ann'), named('fails')])) }));
  const { outcome } = await record(house.run(model, { sessionId: 's', customFlow: flow(named('ann')) }));
  expect(outcome).toMatchObject({ reason: 'done' });
  expect(requestsOf('ann')).toHaveLength(2);
});
