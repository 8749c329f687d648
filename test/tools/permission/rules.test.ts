import { describe, expect, test } from 'vitest';
import type { PermissionRule } from 'sagents';
import { decide } from './helpers.ts';

const shell = 'execute_shell_command';
const actionOf = async (rules: readonly PermissionRule[], tool: string, args: unknown) =>
  (await decide({ rules }, tool, args, { sandboxType: 'passthrough' })).action;

describe('rules', () => {
  test('decide in their order: the first that matches', async () => {
    const rules: readonly PermissionRule[] = [
      { tool: 'send_mail', args: { text: 'secret' }, action: 'deny' },
      { tool: 'send_*', action: 'ask' },
      { tool: '*', action: 'allow' },
    ];
    expect(await decide({ rules }, 'send_mail', { text: 'a secret' })).toEqual({
      action: 'deny',
      by: 'rule',
      rule: 'rules[0]',
      reason: 'permissions.rules[0] refuses this call of tool "send_mail".',
    });
    expect(await decide({ rules }, 'send_mail', { text: 'hello' })).toMatchObject({ action: 'ask', rule: 'rules[1]' });
    expect(await decide({ rules }, 'look_up_asking', {})).toMatchObject({ action: 'allow', rule: 'rules[2]' });
  });

  test('come before the mode, and before what the tool itself says', async () => {
    const rules: readonly PermissionRule[] = [
      { tool: 'send_mail*', action: 'allow' },
      { tool: 'look_up', action: 'deny' },
    ];
    expect((await decide({ mode: 'read-only', rules }, 'send_mail_asking', {})).action).toBe('allow');
    expect((await decide({ mode: 'full-access', rules }, 'look_up', {})).action).toBe('deny');
  });

  test('yield to denies, and denies to nothing but the floor', async () => {
    const permissions = {
      mode: 'full-access',
      rules: [{ tool: '*', action: 'allow' }],
      denies: [{ tool: 'mcp_*' }, { tool: shell, args: { command: '^git push' } }],
    } as const;
    expect(await decide(permissions, 'mcp_github_create_issue', {})).toMatchObject({
      action: 'deny',
      by: 'deny',
      rule: 'denies[0]',
    });
    expect(await decide(permissions, shell, { command: 'ls && git push' })).toMatchObject({
      by: 'deny',
      rule: 'denies[1]',
    });
    expect(await decide(permissions, shell, { command: 'git push; rm -rf /' })).toMatchObject({ by: 'floor' });
    expect(await decide(permissions, shell, { command: 'git pull' })).toMatchObject({ action: 'allow', by: 'rule' });
  });

  test('never lift the floor', async () => {
    const permissions = {
      mode: 'full-access',
      rules: [
        { tool: '*', action: 'allow' },
        { tool: shell, args: { command: '.' }, action: 'allow' },
      ],
    } as const;
    for (const command of ['rm -rf /', 'sudo reboot', ':(){ :|:& };:', 'mkfs.ext4 /dev/sda', 'echo "; rm -rf ~']) {
      expect(await decide(permissions, shell, { command })).toMatchObject({ action: 'deny', by: 'floor' });
    }
  });

  test('find their pattern anywhere in a value, and need the argument to be there', async () => {
    const rules: readonly PermissionRule[] = [
      { tool: 'send_mail', args: { text: 'b', url: '^https:' }, action: 'ask' },
    ];
    expect(await actionOf(rules, 'send_mail', { text: 'abc', url: 'https://a' })).toBe('ask');
    expect(await actionOf(rules, 'send_mail', { text: 'abc', url: 'ftp://a' })).toBe('allow');
    expect(await actionOf(rules, 'send_mail', { text: 'abc' })).toBe('allow');
  });

  test('take what is no text as JSON', async () => {
    const rules: readonly PermissionRule[] = [{ tool: 'file_read', args: { start_line: '^1\\d$' }, action: 'deny' }];
    expect(await actionOf(rules, 'file_read', { file_path: 'a', start_line: 12 })).toBe('deny');
    expect(await actionOf(rules, 'file_read', { file_path: 'a', start_line: 120 })).toBe('allow');
  });

  test('allow a list only as a whole, and refuse it for one of it', async () => {
    const of = (action: PermissionRule['action']): PermissionRule[] => [
      { tool: 'send_mail_asking', args: { tags: '^ok' }, action },
    ];
    expect(await actionOf(of('allow'), 'send_mail_asking', { tags: ['ok1', 'ok2'] })).toBe('allow');
    expect(await actionOf(of('allow'), 'send_mail_asking', { tags: ['ok1', 'bad'] })).toBe('ask');
    expect(await actionOf(of('allow'), 'send_mail_asking', { tags: [] })).toBe('ask');
    expect(await actionOf(of('deny'), 'send_mail_asking', { tags: ['ok1', 'bad'] })).toBe('deny');
  });
});

describe('rules about commands', () => {
  const allowed: PermissionRule = { tool: shell, args: { command: '^npm (test|run \\w+)$' }, action: 'allow' };
  const refused: PermissionRule = { tool: shell, args: { command: '^git push\\b' }, action: 'deny' };

  test.each([
    'npm test',
    'npm  test',
    'npm "test"',
    'npm test && npm run lint',
    '(npm test)',
    'for i in 1 2 3; do npm test; done',
    'for x in test lint; do npm run $x; done',
    'if npm test; then npm run lint; fi',
    'case x in x) npm test;; esac',
  ])('allow: %s', async (command) => {
    expect(await actionOf([allowed], shell, { command })).toBe('allow');
  });

  test.each([
    'npm test; touch x',
    'npm test && $(touch x)',
    'npm test "$(touch x)"',
    'npm test > ~/.bashrc',
    '{ npm test; } > ~/.bashrc',
    'NODE_OPTIONS=-rx npm test',
    'npm test | tee x',
    'sudo npm test',
    'bash -c "npm test"',
    'npm test\ntouch x',
    'npm test "',
    'npm() { touch x; }; npm test',
    'for PATH in ./evil; do npm test; done',
    'for NODE_OPTIONS in --require=./evil.js; do npm test; done',
    'select PATH in ./evil; do npm test; done',
    'for ((PATH = 5; ; )); do npm test; done',
    "for x in '$(touch x)'; do case ${x@P} in *) npm test;; esac; done",
    'case $((PATH = 5)) in *) npm test;; esac',
    'case ${PATH:=./evil} in *) npm test;; esac',
    '(( PATH = 5 )) && npm test',
    '[[ -v a[PATH=5] ]] && npm test',
    'npm test {PATH}< f',
    'npm test "${x[PATH=5]}"',
  ])('do not allow along with it: %s', async (command) => {
    expect(await actionOf([allowed], shell, { command })).toBe('ask');
  });

  test('do not allow along with it what is given beside the line', async () => {
    const call = { command: 'npm test', env_vars: { NODE_OPTIONS: '-rx' } };
    expect(await actionOf([allowed], shell, call)).toBe('ask');
  });

  test.each([
    'git push',
    'git  "push" origin',
    'ls; git push',
    'sudo git push',
    'timeout 5 git push',
    "bash -c 'git push'",
    'echo $(git push)',
    'echo origin | xargs git push',
    'find . -exec git push {} \\;',
    'if true; then git push; fi',
    'X=push; git $X',
    'X=1 git push',
    'env X=1 git push',
    'sudo X=1 git push',
    'bash -c "X=1 git push"',
    '/usr/bin/git push',
    'sudo ./git push',
    'GIT push',
    'X=1 /usr/bin/git -C . push',
    'git -C . push',
    'git --no-pager -c user.name=x push',
    'git --git-dir x/.git push',
    'git -c alias.p=push p',
    'git $NOPE push',
    'git pu${NOPE}sh',
    'g$(./x)it push',
    'echo "; git push',
    'if true; X=1 git push',
  ])('refuse, wherever it stands: %s', async (command) => {
    expect(await actionOf([refused], shell, { command })).toBe('deny');
  });

  test.each(['X=1 git push', '/usr/bin/git push', 'git -C . push'])('ask as they refuse: %s', async (command) => {
    const rules: readonly PermissionRule[] = [{ ...refused, action: 'ask' }];
    const call = [shell, { command }] as const;
    expect(await decide({ mode: 'full-access', rules }, ...call)).toMatchObject({ action: 'ask', rule: 'rules[0]' });
  });

  test.each(['git push > log', 'X=1 git push > log'])('refuse what is anchored at both ends: %s', async (command) => {
    const whole: PermissionRule = { tool: shell, args: { command: '^git push$' }, action: 'deny' };
    expect(await actionOf([whole], shell, { command })).toBe('deny');
  });

  test.each(['X=1 npm test', '/tmp/npm test', './npm test', 'npm test > log', 'npm $NOPE test'])(
    'allow no other spelling: %s',
    async (command) => {
      expect(await actionOf([allowed], shell, { command })).toBe('ask');
    },
  );

  test('leave alone what only looks like it', async () => {
    for (const command of ['echo git push', 'git pull', 'git -C push pull', 'git log --grep push', './x git push']) {
      expect(
        await decide({ mode: 'full-access', denies: [{ tool: shell, args: refused.args ?? {} }] }, shell, { command }),
      ).toMatchObject({ action: 'allow' });
    }
  });

  test('go by what a command does', async () => {
    const rules: readonly PermissionRule[] = [
      { tool: shell, commandClass: 'dangerous', action: 'deny' },
      { tool: '*', commandClass: ['ordinary', 'harmless'], action: 'allow' },
    ];
    expect(await actionOf(rules, shell, { command: 'npm install x' })).toBe('deny');
    expect(await actionOf(rules, shell, { command: 'npm test' })).toBe('allow');
    expect(await actionOf(rules, 'send_mail_asking', {})).toBe('ask');
  });
});
