import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSageError } from '../../src/errors.ts';
import { agent, choose, loop, parallel, sequence, when } from '../../src/flow/build.ts';
import type { AgentFlow } from '../../src/flow/flow.ts';
import { readFlow } from '../../src/flow/read-flow.ts';

const known = { agents: ['simple', 'mine'], conditions: ['c', 'd'] };
const read = (root: unknown): AgentFlow => readFlow({ name: 'f', root }, known);

/** What is told of a flow that cannot be used. */
function refusal(root: unknown): string {
  try {
    read(root);
  } catch (error) {
    if (isSageError(error, 'invalid-argument') && error.facts.option === 'customFlow') return error.message;
    throw error;
  }
  throw new Error('It was read.');
}

const simple = { node_type: 'agent', agent_key: 'simple' };

describe('a flow', () => {
  test("is read from Sage's JSON, with its nulls, and with the defaults", () => {
    const given = {
      name: 'f',
      description: null,
      root: {
        node_type: 'sequence',
        description: null,
        steps: [
          { node_type: 'parallel', branches: [{ ...simple, agent_config: null }], description: 'two' },
          { node_type: 'loop', body: simple, condition: 'c' },
          { node_type: 'if', condition: 'd', true_body: simple, false_body: null },
          { node_type: 'switch', variable: 'v', cases: { x: simple }, default: null },
        ],
      },
    };
    expect(readFlow(given, known)).toEqual({
      name: 'f',
      root: {
        node_type: 'sequence',
        steps: [
          { node_type: 'parallel', branches: [simple], max_concurrency: 5, description: 'two' },
          { node_type: 'loop', body: simple, condition: 'c', max_loops: 10 },
          { node_type: 'if', condition: 'd', true_body: simple },
          { node_type: 'switch', variable: 'v', cases: { x: simple } },
        ],
      },
    });
  });

  test('as the builders make it is read back as it is, and again', () => {
    const root = sequence([
      parallel([agent('simple'), agent('mine', { system_prefix: 'x', own: [1, { a: null }] })], { max_concurrency: 2 }),
      loop('c', when('d', agent('simple'), agent('mine')), { max_loops: 3 }),
      choose('v', { x: agent('simple') }, agent('mine')),
    ]);
    const once = read(root);
    expect(once.root).toEqual(root);
    expect(readFlow(JSON.parse(JSON.stringify(once)), known)).toEqual(once);
  });

  test('reads equal whatever the order of its fields', () => {
    const turned = { condition: 'c', body: simple, node_type: 'loop' };
    expect(JSON.stringify(read(turned))).toBe(JSON.stringify(read(loop('c', agent('simple')))));
  });
});

describe('a flow that cannot be used is refused, with the place', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /at flow\/root|at root/],
    ['text', 'x', /at root .*Allowed: a node with node_type agent, sequence, parallel, loop, if, switch/],
    ['another node', { node_type: 'team' }, /at root.*node_type agent, sequence/],
    ['an unknown agent', { ...simple, agent_key: 'plan' }, /root\/agent_key .*"plan".*Allowed: simple, mine/],
    ['an unknown condition', loop('e', agent('simple')), /root\/condition .*"e".*Allowed: c, d/],
    ['a wrong field', { ...simple, key: 1 }, /at root .*"key".*agent_key, agent_config/],
    ['a missing field', sequence([{ node_type: 'loop', condition: 'c' } as never]), /root\/steps\/0\/body/],
    ['no turns', { ...loop('c', agent('simple')), max_loops: 0 }, /root\/max_loops/],
    ['a part of a turn', { ...loop('c', agent('simple')), max_loops: 1.5 }, /root\/max_loops/],
    ['no concurrency', { ...parallel([]), max_concurrency: 0 }, /root\/max_concurrency/],
    ['a key', { ...simple, agent_config: { model_config: { api_key: 's' } } }, /agent_config\/model_config.*"api_key"/],
    ['a config that is no JSON', { ...simple, agent_config: { own: () => {} } }, /agent_config\/own/],
    ['a deep mistake', when('c', sequence([choose('v', { 'a/b': { node_type: 'x' } as never })])), /cases\/a%2Fb/],
  ])('%s', (_, root, message) => {
    expect(refusal(root)).toMatch(message);
  });

  test('never with a value that may be a secret', () => {
    const config = { model_config: { api_key: 'sk-secret' } };
    expect(refusal({ ...simple, agent_config: config })).not.toContain('sk-secret');
  });

  test('when it contains itself', () => {
    const cyclic: { node_type: string; steps: unknown[] } = { node_type: 'sequence', steps: [] };
    cyclic.steps.push(sequence([cyclic as never]));
    expect(refusal(cyclic)).toMatch(/root\/steps\/0\/steps\/0 .*contains itself/);
    const config: Record<string, unknown> = {};
    config['self'] = config;
    expect(refusal({ ...simple, agent_config: config })).toMatch(/cannot be read as JSON/);
  });

  test('when it is 10,000 deep', () => {
    let deep: unknown = simple;
    for (let level = 0; level < 10_000; level += 1) deep = { node_type: 'sequence', steps: [deep] };
    expect(refusal(deep)).toMatch(/101 deep/);
  });

  test('when shared parts make it too big; sharing alone is fine', () => {
    let twice: unknown = simple;
    for (let level = 0; level < 50; level += 1) twice = { node_type: 'sequence', steps: [twice, twice] };
    expect(refusal(twice)).toMatch(/more than 10000 nodes/);
    const shared = agent('simple');
    expect(read(sequence([shared, shared])).root).toEqual(sequence([shared, shared]));
  });

  test('when a getter throws', () => {
    const hostile = Object.defineProperty({}, 'node_type', {
      enumerable: true,
      get: () => {
        throw new Error('Mine.');
      },
    });
    expect(refusal(hostile)).toMatch(/cannot be read as JSON/);
  });

  test('whatever it is: nothing else is ever thrown', () => {
    const node = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.anything(),
        fc.record({ node_type: fc.constant('agent'), agent_key: fc.constantFrom('simple', 'x') }),
        fc.record({ node_type: fc.constant('sequence'), steps: fc.array(tie('node')) }),
        fc.record({
          node_type: fc.constant('switch'),
          variable: fc.string(),
          cases: fc.dictionary(fc.string(), tie('node')),
        }),
      ),
    })).node;
    fc.assert(
      fc.property(node, (root) => {
        try {
          const flow = read(root);
          expect(readFlow(JSON.parse(JSON.stringify(flow)), known)).toEqual(flow);
        } catch (error) {
          if (!isSageError(error, 'invalid-argument')) throw error;
        }
      }),
    );
  });

  test('no case can reach a prototype', () => {
    const cases = JSON.parse('{"__proto__":{"node_type":"agent","agent_key":"simple"}}') as Record<string, never>;
    const { root } = read({ node_type: 'switch', variable: 'v', cases });
    expect(Object.hasOwn({}, 'node_type')).toBe(false);
    expect(({} as { node_type?: unknown }).node_type).toBeUndefined();
    expect(root.node_type).toBe('switch');
  });
});
