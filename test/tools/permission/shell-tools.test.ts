import { describe, expect, test } from 'vitest';
import { defineTool, PermissionEngine, ToolManager, type PermissionOptions, type ShellArguments } from 'sagents';
import { workspace } from './helpers.ts';

const tool = (name: string, sandbox: 'needed' | 'none', shell?: ShellArguments) =>
  defineTool({
    name,
    description: 'Runs a command.',
    parameters: {
      type: 'object',
      properties: { cmd: {}, cwd: { type: 'string' }, env: { type: 'object' }, note: { type: 'string' } },
    },
    sandbox,
    ...(shell === undefined ? {} : { shell }),
    execute: () => 'done',
  });

const shell = { command: 'cmd', folder: 'cwd', environment: 'env' };
/** One that runs in the sandbox, one that runs where it likes, and one that says nothing of it. */
const [inside, outside, silent] = [
  tool('inside', 'needed', shell),
  tool('outside', 'none', shell),
  tool('silent', 'none'),
];

type SandboxType = 'local' | 'passthrough';
const decideOn = (
  one: typeof inside,
  args: object,
  permissions: PermissionOptions = {},
  sandboxType: SandboxType = 'local',
) => new PermissionEngine(permissions).decide({ tool: one, args, sandboxType, workspace });

describe('a tool that says where its command line is', () => {
  test.each([
    [{ cmd: 'ls; sudo rm -rf /' }],
    [{ cmd: ['rm', '-rf', '/'] }],
    [{ cmd: ['bash', '-lc', "echo 'a'; rm -rf /"] }],
    [{ cmd: 'rm -rf *', cwd: '/etc' }],
    [{ cmd: 'rm -rf "$D"', env: { D: '/usr' } }],
    [{ cmd: 'cd / && rm -rf etc' }],
  ])('is held by the floor: %j', async (args) => {
    const permissions: PermissionOptions = { mode: 'full-access', rules: [{ tool: '*', action: 'allow' }] };
    for (const one of [inside, outside]) {
      expect(await decideOn(one, args, permissions)).toMatchObject({ action: 'deny', by: 'floor' });
    }
  });

  test.each([
    // Mode, in the sandbox, confined by nothing, on the host.
    ['ls', 'workspace-write', 'allow', 'ask', 'allow'],
    ['echo hi', 'workspace-write', 'allow', 'allow', 'allow'],
    ['touch x', 'workspace-write', 'allow', 'ask', 'ask'],
    ['touch x', 'full-access', 'allow', 'allow', 'allow'],
    ['ls', 'read-only', 'allow', 'deny', 'allow'],
    ['echo hi', 'plan', 'allow', 'allow', 'allow'],
    ['touch x', 'read-only', 'deny', 'deny', 'deny'],
  ] as const)('is held by modes: %s in %s', async (cmd, mode, confined, free, onHost) => {
    const actionOf = async (one: typeof inside, sandboxType: SandboxType) =>
      (await decideOn(one, { cmd }, { mode }, sandboxType)).action;
    expect(await actionOf(inside, 'local')).toBe(confined);
    expect(await actionOf(outside, 'local')).toBe(free);
    expect(await actionOf(inside, 'passthrough')).toBe(onHost);
  });

  test('is asked about where its command cannot be read', async () => {
    expect(await decideOn(outside, { cmd: { run: 'x' } })).toMatchObject({ action: 'ask' });
    expect(await decideOn(outside, { cmd: 7 }, { mode: 'read-only' })).toMatchObject({ action: 'deny' });
  });

  test('is found by rules about the class of a command, and about the command', async () => {
    const dangerous: PermissionOptions = { denies: [{ tool: '*', commandClass: 'dangerous' }] };
    const pushing: PermissionOptions = {
      mode: 'full-access',
      denies: [{ tool: 'outside', args: { cmd: '^git push\\b' } }],
    };
    const testing: PermissionOptions = { rules: [{ tool: 'outside', args: { cmd: '^npm test$' }, action: 'allow' }] };
    expect(await decideOn(inside, { cmd: 'npm install x' }, dangerous)).toMatchObject({ action: 'deny' });
    for (const cmd of ['ls; X=1 git -C . push', ['git', 'push'], "bash -c 'git push'"]) {
      expect(await decideOn(outside, { cmd }, pushing)).toMatchObject({ action: 'deny', by: 'deny' });
    }
    expect(await decideOn(outside, { cmd: 'npm test && npm test' }, testing)).toMatchObject({ action: 'allow' });
    expect(await decideOn(outside, { cmd: ['npm', 'test'] }, testing)).toMatchObject({ action: 'allow' });
    expect(await decideOn(outside, { cmd: 'npm test; touch x' }, testing)).toMatchObject({ action: 'ask' });
    expect(await decideOn(outside, { cmd: 'npm test', env: { NODE_OPTIONS: '-rx' } }, testing)).toMatchObject({
      action: 'ask',
    });
  });

  test('has the folder of its command matched as a path where that is its sandbox’s', async () => {
    const denies = [{ tool: '*', args: { cwd: '^secret$' } }];
    expect(await decideOn(inside, { cmd: 'ls', cwd: './x/../secret' }, { denies })).toMatchObject({ action: 'deny' });
    expect(await decideOn(outside, { cmd: 'echo', cwd: './x/../secret' }, { denies })).toMatchObject({
      action: 'allow',
    });
  });

  test('may be meant by a rule with a class', () => {
    const engine = new PermissionEngine({ rules: [{ tool: 'outside', commandClass: 'dangerous', action: 'ask' }] });
    expect(() => engine.check(new ToolManager({ tools: [outside] }))).not.toThrow();
    const other = new PermissionEngine({ rules: [{ tool: 'silent', commandClass: 'dangerous', action: 'ask' }] });
    expect(() => other.check(new ToolManager({ tools: [silent] }))).toThrow('is about tools that run no command');
  });
});

test('of a tool that does not say it, the command is text', async () => {
  const full: PermissionOptions = { mode: 'full-access' };
  expect(await decideOn(silent, { cmd: 'rm -rf /' }, full)).toMatchObject({ action: 'allow' });
  expect(
    await decideOn(silent, { cmd: 'rm -rf /' }, { denies: [{ tool: '*', args: { cmd: 'rm -rf' } }] }),
  ).toMatchObject({
    action: 'deny',
  });
});
