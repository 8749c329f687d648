import { describe, expect, test } from 'vitest';
import type { AgentConfig } from '../../../src/index.ts';
import { record, scriptedModel, type ScriptedModel } from '../../../src/testing/index.ts';
import { brokenPrefixes, conversations, expectPaired } from '../../support/guidance.ts';
import { readSession } from '../../support/journal.ts';
import { createHouse } from '../../support/test-house.ts';
import { echo, echoTool, managerOf, newLog, waitingTool } from '../../support/tools.ts';
import { askByName } from './ask-by-name.ts';
import { flow, loop, named, parallel, sequence, simple } from './nodes.ts';

const tools = managerOf(echoTool(), waitingTool(newLog()));

const changes: [string, AgentConfig, readonly string[]][] = [
  ['nothing new', { system_prefix: 'Be long.' }, []],
  ['another prompt', { system_prefix: 'Be longer.' }, ['system']],
  ['other tools', { system_prefix: 'Be long.', available_tools: ['echo'] }, ['tools']],
  ['both', { available_tools: [] }, ['system', 'tools']],
  ['another model', { system_prefix: 'Be long.', model_config: { model: 'other' } }, []],
];

describe('a later run that gives a node', () => {
  test.each(changes)('%s says in the journal what has changed', async (_, agentConfig, causes) => {
    await using house = await createHouse();
    const first = scriptedModel(['1', '2']);
    const base = { sessionId: 's', toolManager: tools };
    const customFlow = flow(sequence(simple(), simple({ system_prefix: 'Be long.' })));
    await record(house.run(first, { ...base, customFlow }));
    const second = scriptedModel(['3', '4']);
    await record(house.run(second, { ...base, customFlow: flow(sequence(simple(), simple(agentConfig))) }));
    const { entries } = await readSession(house.root, 's');
    expect(entries.flatMap((entry) => (entry.type === 'prefix_changed' ? [entry.cause] : []))).toEqual(causes);
    const ofSecondNode = [...first.requests.slice(1), ...second.requests.slice(1)];
    expect(brokenPrefixes(ofSecondNode)).toEqual(causes.length === 0 ? [] : [1]);
  });
});

describe('each request of a node begins with the bytes of its last one', () => {
  test('in the turns of a loop, between those of other nodes', async () => {
    await using house = await createHouse();
    const { model, requestsOf } = askByName({
      ann: [echo('a1'), 'Ann 1', echo('a2'), 'Ann 2'],
      bob: ['Bob 1', echo('b'), 'Bob 2'],
    });
    const root = loop('always_true', sequence(named('ann'), named('bob', { available_tools: ['echo'] })), 2);
    await record(house.run(model, { customFlow: flow(root), toolManager: tools }));
    expect([requestsOf('ann').length, requestsOf('bob').length]).toEqual([4, 3]);
    mustOnlyAppend(requestsOf('ann'));
    mustOnlyAppend(requestsOf('bob'));
  });

  test('while siblings add to the ledger', async () => {
    await using house = await createHouse();
    const annHasCalled = Promise.withResolvers<void>();
    const bobHasAnswered = Promise.withResolvers<void>();
    const { model, requestsOf } = askByName({
      ann: [
        echo('a1'),
        { ...echo('a2'), at: { 0: () => annHasCalled.resolve() } },
        { text: ['Ann ', 'says'], at: { 0: () => bobHasAnswered.promise } },
      ],
      bob: [{ ...echo('b1'), at: { 0: () => annHasCalled.promise } }, echo('b2'), { text: ['Bob ', 'says'] }],
      cid: [{ text: 'Cid says', at: { 0: () => bobHasAnswered.resolve() } }],
    });
    const root = parallel([named('ann'), sequence(named('bob'), named('cid'))]);
    await record(house.run(model, { sessionId: 's', customFlow: flow(root), toolManager: tools }));
    expect([requestsOf('ann').length, requestsOf('bob').length]).toEqual([3, 3]);
    mustOnlyAppend(requestsOf('ann'));
    mustOnlyAppend(requestsOf('bob'));
    expect(texts(requestsOf('cid'))).toContain('Bob says');
  });
});

function mustOnlyAppend(requests: ScriptedModel['requests']): void {
  expect(brokenPrefixes(requests)).toEqual([]);
  for (const conversation of conversations({ requests })) expectPaired(conversation);
}

function texts(requests: ScriptedModel['requests']): unknown[] {
  return conversations({ requests }).flatMap((conversation) => conversation.map(({ content }) => content));
}
