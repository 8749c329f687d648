import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../../src/index.ts';
import { record, scriptedModel } from '../../../src/testing/index.ts';
import { crashAfter } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { agent, choose, doer, flow, sayer, sequence, simple } from './nodes.ts';

const says = (content: string): Partial<RunOptions> => ({ inputMessages: [{ role: 'user', content }] });
const systemContext = {
  city: 'Bonn',
  floor: 7,
  isOpen: false,
  nothing: null,
  list: ['a'],
  record: { a: 1 },
  agent_mode: 'mine',
};

/** What the switch finds under the name, or "default". */
const cases: [string, string, Partial<RunOptions>][] = [
  ['agent_mode', 'simple', { agentMode: 'simple' }],
  ['agent_mode', 'simple', { systemContext }],
  ['deep_thinking', 'false', {}],
  ['deep_thinking', 'true', { deepThinking: true }],
  ['deep_thinking', 'true', says('<enable_deep_thinking>true</enable_deep_thinking>Hi')],
  ['deep_thinking', 'false', { deepThinking: true, ...says('<enable_deep_thinking>false</enable_deep_thinking>Hi') }],
  ['thinking_level', 'off', {}],
  ['thinking_level', 'high', { deepThinking: true }],
  ['thinking_level', 'low', says('<thinking_level>low</thinking_level>Hi')],
  ['thinking_level', 'max', says('<deep_thinking_level>MAX</deep_thinking_level>Hi')],
  ['enable_plan', 'false', {}],
  ['kept', 'by an agent', {}],
  ['kept_number', '3', {}],
  ['kept_record', 'default', {}],
  ['kept', 'by an agent', { systemContext: { kept: 'by the host' } }],
  ['city', 'Bonn', { systemContext }],
  ['floor', '7', { systemContext }],
  ['isOpen', 'false', { systemContext }],
  ['nothing', 'default', { systemContext }],
  ['list', 'default', { systemContext }],
  ['record', 'default', { systemContext }],
  ['city', 'default', {}],
  ['toString', 'default', { systemContext }],
  ['constructor', 'default', {}],
];

const keeps = doer('keeps', ({ state }) => {
  state.set('kept', 'by an agent');
  state.set('kept_number', 3);
  state.set('kept_record', { a: 1 });
});

describe('a switch', () => {
  test.each(cases)('on %s goes to %s (%j)', async (variable, found, options) => {
    const known = ['simple', 'true', 'false', 'off', 'high', 'low', 'max', 'by an agent', '3', 'Bonn', '7', 'null'];
    known.push('a', '[object Object]', 'undefined');
    await using house = await createHouse({ agents: [keeps, ...known.map((key) => sayer(`says ${key}`, key))] });
    const all = Object.fromEntries(known.map((key) => [key, agent(`says ${key}`)]));
    const otherwise = simple();
    const root = sequence(agent('keeps'), choose(variable, all, otherwise));
    const { text } = await record(house.run(scriptedModel(['default']), { customFlow: flow(root), ...options }));
    expect(text).toBe(found);
  });

  test.each([
    ['has no match', 'city', { systemContext }],
    ['finds nothing under its name', 'mood', {}],
  ])('that %s and has no default does nothing, and the trace says so', async (_, variable, options) => {
    await using house = await createHouse({ agents: [sayer('after')] });
    const root = sequence(choose(variable, { Rome: agent('after') }), agent('after'));
    const run = house.run(scriptedModel([]), { sessionId: 's', customFlow: flow(root), ...options });
    const { text, outcome } = await record(run);
    expect([text, outcome.reason]).toEqual(['after', 'done']);
    expect((await house.agent.getTrace('s'))?.steps[1]).toMatchObject({
      path: 'root/steps/0',
      node_type: 'switch',
      decision: 'none',
      outcome: 'done',
    });
  });
});

describe('a run that is continued after a crash', () => {
  const root = sequence(simple(), choose('thinking_level', { low: agent('yes') }, agent('no')));
  const customFlow = flow(root);
  const base = { sessionId: 's', customFlow };

  test('goes on as its user has asked it to think', async () => {
    await using house = await createHouse({ agents: [sayer('yes'), sayer('no')] });
    const first = scriptedModel(['Hm']);
    await record(house.run(first, { ...base, ...says('<thinking_level>low</thinking_level>Hi') }));
    crashAfter(house.root, 's', ({ type }) => type === 'model_called');
    const again = scriptedModel(['Hm']);
    const options = house.options(again, { ...base, inputMessages: [] });
    const { text, outcome } = await record(house.restart().runStream(options));
    expect([text, outcome.reason]).toEqual(['Hmyes', 'done']);
    expect([...first.requests, ...again.requests].map((request) => request['reasoning_effort'])).toEqual([
      'low',
      'low',
    ]);
  });

  test('thinks as it is told now, where it is told', async () => {
    await using house = await createHouse({ agents: [sayer('yes'), sayer('no')] });
    await record(house.run(scriptedModel(['Hm']), { ...base, ...says('<thinking_level>low</thinking_level>Hi') }));
    crashAfter(house.root, 's', ({ type }) => type === 'model_called');
    const options = house.options(scriptedModel(['Hm']), { ...base, inputMessages: [], deepThinking: true });
    expect((await record(house.restart().runStream(options))).text).toBe('Hmno');
  });

  test('and the next one does not think so any more', async () => {
    await using house = await createHouse({ agents: [sayer('yes'), sayer('no')] });
    await record(house.run(scriptedModel(['Hm']), { ...base, ...says('<thinking_level>low</thinking_level>Hi') }));
    expect((await record(house.run(scriptedModel(['Hm']), base))).text).toBe('Hmno');
  });
});
