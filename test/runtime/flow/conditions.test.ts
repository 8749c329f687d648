import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { textOf, type AgentDefinition, type RunContext, type RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { expectAtRest, readSession } from '../../support/journal.ts';
import { nothing, watchStrays } from '../../support/strays.ts';
import { createHouse, type TestHouse } from '../../support/test-house.ts';
import { call, echoTool, managerOf } from '../../support/tools.ts';
import { agent, doer, either, flow, loop, parallel, sayer, sequence } from './nodes.ts';

/** What an `if` on this condition says: "yes" or "no". */
async function ask(house: TestHouse, condition: string, more: Partial<RunOptions> = {}, before = 'nothing') {
  const root = sequence(agent(before), either(condition, agent('yes'), agent('no')));
  const run = house.run(scriptedModel([]), { sessionId: 's', customFlow: flow(root), ...more });
  return record(run);
}

const houseWith = (...agents: readonly AgentDefinition[]) =>
  createHouse({ agents: [sayer('yes'), sayer('no'), doer('nothing', () => {}), ...agents] });

const keeps = (key: string, value: unknown) => doer('keeps', ({ state }) => state.set(key, value));

describe('the built-in condition', () => {
  const deep = { deepThinking: true };
  const told = { inputMessages: [{ role: 'user', content: '<thinking_level>low</thinking_level>Hi' }] } as const;
  const cases: [string, 'yes' | 'no', Partial<RunOptions>?, [string, unknown]?][] = [
    ['is_deep_thinking', 'no'],
    ['is_deep_thinking', 'yes', deep],
    ['is_deep_thinking', 'yes', told],
    ['enable_more_suggest', 'no'],
    ['enable_plan', 'no'],
    ['plan_should_start_execution', 'yes'],
    ['self_check_should_retry', 'yes'],
    ['self_check_should_retry', 'no', {}, ['self_check_passed', true]],
    ['self_check_should_retry', 'yes', {}, ['self_check_passed', 'true']],
    ['task_not_completed', 'yes'],
    ['task_not_completed', 'no', {}, ['task_completed', true]],
    ['task_not_completed', 'yes', {}, ['task_completed', false]],
    ['need_summary', 'no'],
    ['always_true', 'yes'],
    ['always_false', 'no'],
  ];

  test.each(cases)('%s says %s (%j, %j)', async (condition, answer, options = {}, kept = ['other', true]) => {
    await using house = await houseWith(keeps(...kept));
    expect((await ask(house, condition, options, 'keeps')).text).toBe(answer);
  });

  test('need_summary says yes where the last word is a tool’s', async () => {
    const acts: AgentDefinition = {
      key: 'acts',
      async *run({ step }) {
        yield* step();
        return { type: 'done' };
      },
    };
    await using house = await houseWith(acts);
    const root = sequence(agent('acts'), either('need_summary', agent('yes'), agent('no')));
    const more = { customFlow: flow(root), toolManager: managerOf(echoTool()) };
    expect((await record(house.run(scriptedModel([call('echo')]), more))).text).toBe('yes');
  });

  test('self_check_should_retry keeps a loop going until an agent says that it has passed', async () => {
    let checks = 0;
    const check = doer('check', ({ state }) => state.set('self_check_passed', (checks += 1) === 2));
    await using house = await houseWith(check);
    const root = loop('self_check_should_retry', agent('check'), 5);
    await record(house.run(scriptedModel([]), { customFlow: flow(root) }));
    expect(checks).toBe(2);
  });
});

describe('a condition of the host’s', () => {
  test.each<[string, () => boolean | Promise<boolean>, string]>([
    ['at once', () => true, 'yes'],
    ['at once', () => false, 'no'],
    ['later', () => Promise.resolve(true), 'yes'],
    ['later', async () => false, 'no'],
  ])('may answer %s', async (_, condition, answer) => {
    await using house = await houseWith();
    house.agent.registerCondition('mine', condition);
    expect((await ask(house, 'mine')).text).toBe(answer);
  });

  test('sees the run as it stands', async () => {
    const seen: unknown[] = [];
    await using house = await houseWith(keeps('mood', 'good'));
    house.agent.registerCondition('mine', ({ messages, state, settings, ...rest }: RunContext) => {
      const { thinking_level, agent_mode } = settings;
      seen.push({ ...rest, said: messages.map(textOf), mood: state.get('mood'), thinking_level, agent_mode });
      return true;
    });
    const { outcome } = await ask(house, 'mine', { systemContext: { city: 'Bonn' }, deepThinking: true }, 'keeps');
    const { sessionId, runId } = outcome;
    const rest = { systemContext: { city: 'Bonn' }, said: ['Hello'], mood: 'good', thinking_level: 'high' };
    expect(seen).toEqual([{ sessionId, runId, agent_mode: 'simple', ...rest }]);
  });

  test('is asked before each turn of a loop, and may see what the last one said', async () => {
    await using house = await houseWith();
    house.agent.registerCondition('few', ({ messages }) => messages.length < 4);
    const { text } = await record(house.run(scriptedModel([]), { customFlow: flow(loop('few', agent('yes'))) }));
    expect(text).toBe('yesyesyes');
  });

  test('may be registered by each SAgent under the same name: they share none', async () => {
    await using house = await houseWith();
    const other = house.restart();
    house.agent.registerCondition('mine', () => true);
    other.registerCondition('mine', () => false);
    expect((await ask(house, 'mine')).text).toBe('yes');
    const options = house.options(scriptedModel([]), {
      sessionId: 'other',
      customFlow: flow(either('mine', agent('yes'), agent('no'))),
    });
    expect((await record(other.runStream(options))).text).toBe('no');
  });

  test.each([
    ['a built-in condition', 'always_true', /"always_true".*a name other than is_deep_thinking, .*mine/],
    ['one of the host’s', 'mine', /"mine"/],
    ['no name at all', '', /not empty/],
    ['nothing', undefined, /not empty/],
    ['what is no name', 7, /not empty/],
  ])('is refused under the name of %s', async (_, name, message) => {
    await using house = await houseWith();
    house.agent.registerCondition('mine', () => true);
    expect(() => house.agent.registerCondition(name as string, () => true)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
    );
    expect((await ask(house, 'mine')).text).toBe('yes');
  });

  test('is refused where it is no function', async () => {
    await using house = await houseWith();
    expect(() => house.agent.registerCondition('mine', true as never)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('"mine"') }),
    );
  });
});

describe('a condition that fails', () => {
  const circle: Record<string, unknown> = { secret: 'sk-1' };
  circle['self'] = circle;
  const throwsAtOnce = () => {
    throw new Error('No idea.');
  };
  const failing: [string, () => unknown, RegExp][] = [
    ['throws', throwsAtOnce, /threw: No idea\./],
    ['rejects', () => Promise.reject(new Error('No idea.')), /threw: No idea\./],
    ['gives text', () => 'yes', /type string, and must give true or false/],
    ['gives nothing', () => undefined, /type undefined/],
    ['gives null', () => null, /type object/],
    ['gives 1', async () => 1, /type number/],
    ['gives what JSON cannot hold', () => circle, /type object/],
  ];

  test.each(failing)('it %s: the run ends as failed/flow-error, naming it', async (_, condition, words) => {
    await using house = await houseWith();
    house.agent.registerCondition('mine', condition as () => boolean);
    const { outcome, chunks, text } = await ask(house, 'mine');
    const message = expect.stringMatching(words);
    expect(outcome).toMatchObject({ status: 'failed', reason: 'flow-error', phase: 'flow', error: { message } });
    expect(outcome.error?.message).toMatch(/^Condition "mine" failed: /);
    expect(chunks.at(-2)).toMatchObject({ message_type: 'error', error_info: { code: 'flow-error', message } });
    expect(JSON.stringify(chunks)).not.toMatch(/sk-1|\bat .*:\d+/);
    expect(text).toBe('');
    expectAtRest(await readSession(house.root, 's'));
  });

  test('in a branch stops the branches beside it', async () => {
    const stopped: unknown[] = [];
    const waits: AgentDefinition = {
      key: 'waits',
      async *run({ add, signal }) {
        try {
          yield add({ role: 'assistant', content: 'waiting' });
          if (!signal.aborted) await once(signal, 'abort');
          return { type: 'stopped' };
        } finally {
          stopped.push(signal.aborted);
        }
      },
    };
    await using house = await houseWith(waits);
    house.agent.registerCondition('mine', () => Promise.reject(new Error('No idea.')));
    const root = parallel([agent('waits'), either('mine', agent('yes'))]);
    const { outcome } = await record(house.run(scriptedModel([]), { customFlow: flow(root) }));
    expect(outcome).toMatchObject({ reason: 'flow-error', error: { message: expect.stringContaining('"mine"') } });
    expect(stopped).toEqual([true]);
  });
});

describe('a condition that never answers', () => {
  const stops: [string, (house: TestHouse, controller: AbortController) => unknown, string][] = [
    ['an interrupt', (house) => house.agent.interruptSession('s'), 'interrupted'],
    ['the caller’s signal', (_, controller) => controller.abort(), 'aborted'],
  ];

  test.each(stops)('does not keep a run from being stopped by %s', async (_, stop, reason) => {
    await using house = await houseWith();
    using strays = watchStrays();
    const controller = new AbortController();
    const answer = Promise.withResolvers<boolean>();
    let isStopped: unknown;
    house.agent.registerCondition('mine', () => {
      setImmediate(() => (isStopped = stop(house, controller)));
      return answer.promise;
    });
    const { outcome, text } = await ask(house, 'mine', { signal: controller.signal });
    await isStopped;
    expect(outcome).toMatchObject({ status: 'interrupted', reason, phase: 'flow' });
    expect(text).toBe('');
    const stored = await readSession(house.root, 's');
    expectAtRest(stored);
    // Its late answer changes nothing.
    answer.resolve(true);
    expect(await strays.look()).toEqual(nothing);
    expect((await readSession(house.root, 's')).entries).toEqual(stored.entries);
  });
});
