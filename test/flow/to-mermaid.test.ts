import { expect, test } from 'vitest';
import { agent, choose, loop, parallel, sequence, when } from '../../src/flow/build.ts';
import type { FlowNode } from '../../src/flow/flow.ts';
import { toMermaid } from '../../src/flow/to-mermaid.ts';

const draw = (root: FlowNode): string[] => toMermaid({ name: 'f', root }).split('\n');

test('a sequence is a line from start to end', () => {
  expect(draw(sequence([agent('a'), sequence([]), agent('b')]))).toEqual([
    'flowchart TD',
    '  n0(["start"])',
    '  n1["a"]',
    '  n0 --> n1',
    '  n2["b"]',
    '  n1 --> n2',
    '  n3(["end"])',
    '  n2 --> n3',
  ]);
});

test('branches go out from a fork and come together', () => {
  expect(draw(parallel([agent('a'), agent('b')])).join('\n')).toMatch(
    /n1\(\("fork"\)\)[\s\S]*n1 --> n2[\s\S]*n1 --> n3/,
  );
  expect(draw(parallel([]))).toContain('  n1 --> n2');
});

test('a loop comes back to its condition', () => {
  const lines = draw(loop('more', agent('a'), { max_loops: 3 }));
  expect(lines).toContain('  n1 -->|"again, up to 3 times"| n2');
  expect(lines).toContain('  n2 --> n1');
  expect(lines.at(-1)).toBe('  n1 -->|"no"| n3');
});

test('a choice has an arrow for every way, also for the one that leads to nothing', () => {
  const yes = draw(when('c', agent('a')));
  expect(yes).toContain('  n1 -->|"yes"| n2');
  expect(yes).toContain('  n1 -->|"no"| n3');
  const lines = draw(choose('v', { x: agent('a') }));
  expect(lines).toContain('  n1 -->|"is x"| n2');
  expect(lines).toContain('  n1 -->|"otherwise"| n3');
});

test('nothing a host writes can break the drawing', () => {
  const lines = draw({ node_type: 'agent', agent_key: 'a', description: '"]\n<b>`end` #1; | --> x' });
  expect(lines).toHaveLength(6);
  expect(lines[2]).toBe('  n1["#34;#93;#10;#60;b#62;#96;end#96; #35;1#59; #124; --#62; x"]');
});
