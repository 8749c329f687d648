import { describe, expect, test } from 'vitest';
import type { PermissionMode, Verdict } from 'sagents';
import { describeDenial } from '../../../src/tools/permission/describe-denial.ts';
import { decide } from './helpers.ts';

const command = (text: string): readonly [string, unknown] => ['execute_shell_command', { command: text }];

/** Kinds of calls, each by its name here. */
const calls = {
  'read a file': ['file_read', { file_path: '/etc/passwd' }],
  'search': ['grep', { pattern: 'x' }],
  'fetch a page': ['fetch_webpages', { urls: ['https://example.com'] }],
  'write a file': ['file_write', { file_path: 'a.txt', content: 'x' }],
  'write a plan': ['file_write', { file_path: 'plans/a.md', content: 'x' }],
  'write the todo list': ['todo_write', { tasks: [] }],
  'end a command': ['kill_shell', { task_id: 't' }],
  'host tool without effect': ['look_up', {}],
  'host tool without effect that asks': ['look_up_asking', {}],
  'host tool with effect': ['send_mail', {}],
  'host tool with effect that asks': ['send_mail_asking', {}],
  'tool of a server': ['mcp_github_create_issue', {}],
  'harmless command': command('git status | head'),
  'ordinary command': command('npm test'),
  'dangerous command': command('git push --force'),
  'unreadable command': command('echo "'),
  'command of the floor': command('rm -rf /'),
} as const satisfies Record<string, readonly [string, unknown]>;

type Table = Readonly<Record<keyof typeof calls, Verdict['action']>>;

const readOnly: Table = {
  'read a file': 'allow',
  'search': 'allow',
  'fetch a page': 'allow',
  'write a file': 'deny',
  'write a plan': 'deny',
  'write the todo list': 'deny',
  'end a command': 'deny',
  'host tool without effect': 'allow',
  'host tool without effect that asks': 'ask',
  'host tool with effect': 'deny',
  'host tool with effect that asks': 'deny',
  'tool of a server': 'deny',
  'harmless command': 'allow',
  'ordinary command': 'deny',
  'dangerous command': 'deny',
  'unreadable command': 'deny',
  'command of the floor': 'deny',
};

const everything: Table = {
  'read a file': 'allow',
  'search': 'allow',
  'fetch a page': 'allow',
  'write a file': 'allow',
  'write a plan': 'allow',
  'write the todo list': 'allow',
  'end a command': 'allow',
  'host tool without effect': 'allow',
  'host tool without effect that asks': 'ask',
  'host tool with effect': 'allow',
  'host tool with effect that asks': 'ask',
  'tool of a server': 'allow',
  'harmless command': 'allow',
  'ordinary command': 'allow',
  'dangerous command': 'allow',
  'unreadable command': 'allow',
  'command of the floor': 'deny',
};

const asking: Partial<Table> = { 'ordinary command': 'ask', 'dangerous command': 'ask', 'unreadable command': 'ask' };

const modes: readonly (readonly [PermissionMode, 'local' | 'remote' | 'passthrough', Table])[] = [
  ['read-only', 'local', readOnly],
  ['read-only', 'passthrough', readOnly],
  ['plan', 'local', { ...readOnly, 'write a plan': 'allow' }],
  ['plan', 'passthrough', { ...readOnly, 'write a plan': 'allow' }],
  ['workspace-write', 'local', everything],
  ['workspace-write', 'remote', everything],
  ['workspace-write', 'passthrough', { ...everything, ...asking }],
  ['full-access', 'local', everything],
  ['full-access', 'passthrough', everything],
];

describe('a mode decides', () => {
  test.each(modes)('%s in %s', async (mode, sandboxType, table) => {
    const decided: Record<string, string> = {};
    for (const [name, [tool, args]] of Object.entries(calls)) {
      decided[name] = (await decide({ mode }, tool, args, { sandboxType })).action;
    }
    expect(decided).toEqual(table);
  });

  test('as workspace-write where none is given', async () => {
    const [tool, args] = calls['ordinary command'];
    expect((await decide({}, tool, args)).action).toBe('allow');
    expect((await decide({}, tool, args, { sandboxType: 'passthrough' })).action).toBe('ask');
  });

  test('as the session has it now', async () => {
    const [tool, args] = calls['write a file'];
    expect((await decide({ mode: 'full-access' }, tool, args, { mode: 'read-only' })).action).toBe('deny');
    expect((await decide({ mode: 'read-only' }, tool, args, { mode: 'full-access' })).action).toBe('allow');
  });
});

describe('what is told', () => {
  test('names what decided, and why', async () => {
    expect(await decide({ mode: 'read-only' }, 'send_mail', {})).toEqual({
      action: 'deny',
      by: 'mode',
      reason:
        'Tool "send_mail" may have effects, and mode read-only runs only tools without effects and commands that are known only to read.',
    });
    expect(await decide({ mode: 'plan' }, 'execute_shell_command', { command: 'make' })).toMatchObject({
      by: 'mode',
      reason:
        'The command runs "make", which is not known only to read, and mode plan runs only tools without effects and ' +
        'commands that are known only to read, and writes files under plans/.',
    });
    expect(await decide({}, 'execute_shell_command', { command: 'sudo ls' }, { sandboxType: 'passthrough' })).toEqual({
      action: 'ask',
      by: 'mode',
      reason:
        'The command works with the rights of another user, with "sudo"; nothing confines it, so mode workspace-write asks first.',
    });
    expect(await decide({}, 'send_mail_asking', {})).toMatchObject({ action: 'ask', by: 'tool' });
    expect(await decide({ mode: 'full-access' }, 'execute_shell_command', { command: 'rm -rf /' })).toEqual({
      action: 'deny',
      by: 'floor',
      reason: 'The command deletes "/", which the system or a home needs, and nothing allows that.',
    });
  });

  test('tells the model not to try in other words', () => {
    expect(
      describeDenial('send_mail', { reason: 'permissions.denies[0] refuses this call of tool "send_mail".' }),
    ).toBe(
      'Tool "send_mail" was not run. permissions.denies[0] refuses this call of tool "send_mail". Do not try to reach the same in ' +
        'other words, with other arguments or by another tool: go on without it, or tell the user what you could not do.',
    );
  });
});

test('a shell call without a command is never taken for a harmless one', async () => {
  for (const args of [{}, { command: 3 }, null, 'ls', ['ls']]) {
    expect((await decide({ mode: 'read-only' }, 'execute_shell_command', args)).action).toBe('deny');
  }
});

test('variables and folder given beside the command count', async () => {
  const call = { command: 'git diff', env_vars: { GIT_EXTERNAL_DIFF: 'touch x' } };
  expect((await decide({ mode: 'read-only' }, 'execute_shell_command', call)).action).toBe('deny');
  const tame = { command: 'git diff', env_vars: { NO_COLOR: '1' } };
  expect((await decide({ mode: 'read-only' }, 'execute_shell_command', tame)).action).toBe('allow');
  const outside = { command: 'ls', workdir: '/etc' };
  expect((await decide({}, 'execute_shell_command', outside, { sandboxType: 'passthrough' })).action).toBe('ask');
  const inside = { command: 'ls', workdir: 'src' };
  expect((await decide({}, 'execute_shell_command', inside, { sandboxType: 'passthrough' })).action).toBe('allow');
});
