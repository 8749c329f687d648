import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What each door lets out as a value. A new name here is a decision: it is kept for good. */
const doors: Readonly<Record<string, { readonly load: () => Promise<object>; readonly values: readonly string[] }>> = {
  '.': {
    load: () => import('sagents'),
    values: [
      'PermissionEngine',
      'SAgent',
      'SageError',
      'SkillManager',
      'SkillProxy',
      'ToolManager',
      'ToolProxy',
      'agent',
      'askUser',
      'assembleMessages',
      'builtinTools',
      'choose',
      'defineAgent',
      'defineTool',
      'isSageError',
      'isVisible',
      'loop',
      'openSandbox',
      'parallel',
      'probeSandbox',
      'sequence',
      'textOf',
      'toMermaid',
      'when',
    ],
  },
  './testing': {
    load: () => import('sagents/testing'),
    values: [
      'countingIds',
      'fixedClock',
      'httpError',
      'record',
      'sandboxContract',
      'scriptedModel',
      'scriptedTeam',
      'stall',
      'storeContract',
    ],
  },
};

test.each(Object.entries(doors))('the door %s lets out these values and no other', async (_, { load, values }) => {
  expect(Object.keys(await load()).sort()).toEqual(values);
});

test('there is no other door', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly exports: object };
  expect(Object.keys(exports)).toEqual([...Object.keys(doors), './package.json']);
});
