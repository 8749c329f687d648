import { expect, test } from 'vitest';
import { defineTool } from '../../../src/index.ts';
import { grantFor, grantOf } from '../../../src/runtime/confirmation/grants.ts';

const make = (more: object) =>
  defineTool({
    name: 'run',
    description: 'Runs.',
    parameters: { type: 'object', properties: { cmd: { type: 'string' } } },
    execute: () => 'done',
    ...more,
  });

test('a tool with a command is allowed that command, and another one any call', () => {
  const isSame = (more: object) => {
    const grant = grantFor(make(more));
    return grantOf(grant, { cmd: 'ls' }) === grantOf(grant, { cmd: 'rm x' });
  };
  expect(isSame({ shell: { command: 'cmd' } })).toBe(false);
  expect(isSame({})).toBe(true);
});

test('what was said to a tool without a command is not said to one with it', () => {
  expect(grantFor(make({}))).not.toBe(grantFor(make({ shell: { command: 'cmd' } })));
});
