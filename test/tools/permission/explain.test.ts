import { PermissionEngine } from 'sagents';
import { expect, test } from 'vitest';
import { toPermissionEngine } from '../../../src/tools/permission/permission-engine.ts';
import { toCall } from './helpers.ts';

const engine = new PermissionEngine({
  denies: [{ tool: 'mcp_*' }],
  rules: [{ tool: 'execute_shell_command', args: { command: '^npm ' }, action: 'allow' }],
  web: { block: ['.evil.io'] },
});
const explain = (tool: string, args: unknown) => engine.explain(toCall(tool, args, { sandboxType: 'passthrough' }));

test('tells which deny, rule, list or mode decided', async () => {
  expect(await explain('mcp_github_create_issue', {})).toBe(
    'mcp_github_create_issue: deny, decided by a deny (permissions.denies[0]: {"tool":"mcp_*"}).\n' +
      'permissions.denies[0] refuses this call of tool "mcp_github_create_issue".\n' +
      'Mode: workspace-write.',
  );
  expect(await explain('execute_shell_command', { command: 'npm install x' })).toBe(
    'execute_shell_command: allow, decided by a rule (permissions.rules[0]: ' +
      '{"tool":"execute_shell_command","args":{"command":"^npm "},"action":"allow"}).\n' +
      'permissions.rules[0] allows this call of tool "execute_shell_command".\n' +
      'The command is dangerous: it installs or removes packages, with "npm install".\n' +
      'Mode: workspace-write.',
  );
  expect(await explain('fetch_webpages', { urls: ['https://a.evil.io'] })).toContain(
    'fetch_webpages: deny, decided by the lists of hosts (permissions.web.block[0]).',
  );
  expect(await explain('execute_shell_command', { command: 'make' })).toContain('ask, decided by the mode.');
  expect(await explain('execute_shell_command', { command: 'rm -rf /' })).toContain(
    'deny, decided by the floor that nothing overrides.',
  );
  expect(await explain('send_mail_asking', {})).toContain("ask, decided by the tool's own approval.");
});

test('permissions may be an engine, or what one is made of', () => {
  expect(toPermissionEngine(engine)).toBe(engine);
  expect(toPermissionEngine({ mode: 'plan' }).mode).toBe('plan');
  expect(toPermissionEngine().mode).toBe('workspace-write');
});
