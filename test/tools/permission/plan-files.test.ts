import { expect, test } from 'vitest';
import { decide, workspace } from './helpers.ts';

const write = (file_path: string) => ['file_write', { file_path, content: 'x' }] as const;
const patch = (...lines: string[]) =>
  ['apply_patch', { patch: ['*** Begin Patch', ...lines, '*** End Patch'].join('\n') }] as const;

test.each([
  ['plans/a.md', 'allow'],
  ['./plans/a.md', 'allow'],
  ['plans/deep/er/a.md', 'allow'],
  ['src/../plans/a.md', 'allow'],
  [`${workspace}/plans/a.md`, 'allow'],
  ['plans', 'deny'],
  ['plans/', 'deny'],
  ['plans/..', 'deny'],
  ['plans/../a.md', 'deny'],
  ['plans/../../plans/a.md', 'deny'],
  ['plans/a/../../src/a.ts', 'deny'],
  ['plans\\..\\a.md', 'deny'],
  ['plans.md', 'deny'],
  ['plansx/a.md', 'deny'],
  ['Plans/a.md', 'deny'],
  ['src/plans/a.md', 'deny'],
  ['../plans/a.md', 'deny'],
  ['/plans/a.md', 'deny'],
  [`${workspace}/plans/../a.md`, 'deny'],
  [`${workspace}x/plans/a.md`, 'deny'],
  ['~/plans/a.md', 'deny'],
  ['', 'deny'],
])('in mode plan, writing %j: %s', async (path, action) => {
  expect((await decide({ mode: 'plan' }, ...write(path))).action).toBe(action);
  const update = { file_path: path, operations: [] };
  expect((await decide({ mode: 'plan' }, 'file_update', update)).action).toBe(action);
  expect((await decide({ mode: 'read-only' }, ...write(path))).action).toBe('deny');
});

const add = (path: string) => [`*** Add File: ${path}`, '+x'];
const move = (from: string, to: string) => [`*** Update File: ${from}`, `*** Move to: ${to}`, '@@', '-x', '+y'];

test.each([
  ['one file', [...add('plans/a.md')], 'allow'],
  ['several files', [...add('plans/a.md'), ...add('plans/b/c.md'), '*** Delete File: plans/d.md'], 'allow'],
  ['a move inside', move('plans/a.md', 'plans/b.md'), 'allow'],
  ['one of several outside', [...add('plans/a.md'), ...add('src/a.ts')], 'deny'],
  ['a deletion outside', [...add('plans/a.md'), '*** Delete File: src/a.ts'], 'deny'],
  ['a move out', move('plans/a.md', 'src/a.ts'), 'deny'],
  ['a move in', move('src/a.ts', 'plans/a.ts'), 'deny'],
  ['a way out', add('plans/../src/a.ts'), 'deny'],
  ['nothing that can be read', ['*** Rename File: plans/a.md'], 'deny'],
])('in mode plan, a patch with %s: %s', async (_, lines, action) => {
  expect((await decide({ mode: 'plan' }, ...patch(...lines))).action).toBe(action);
});

test('without the workspace an absolute path is not known to be a plan', async () => {
  const { PermissionEngine } = await import('sagents');
  const { toCall } = await import('./helpers.ts');
  const call = toCall(...write(`${workspace}/plans/a.md`), {});
  const engine = new PermissionEngine({ mode: 'plan' });
  expect((await engine.decide({ ...call, workspace: undefined })).action).toBe('deny');
});
