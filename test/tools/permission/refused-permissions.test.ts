import { isSageError, PermissionEngine, type PermissionOptions } from 'sagents';
import { describe, expect, test } from 'vitest';
import { tools } from './helpers.ts';

/** What is thrown: the option it names, and its message. */
function refusalOf(act: () => unknown): readonly [option: string, message: string] {
  try {
    act();
  } catch (error) {
    if (isSageError(error, 'invalid-argument')) return [error.facts.option, error.message];
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** As a file or a request would have it. */
const fromJson = (json: string): PermissionOptions => JSON.parse(json) as PermissionOptions;

describe('refused at once, by its place', () => {
  test.each([
    ['permissions', '[]'],
    ['permissions.rule', '{"rule":[]}'],
    ['permissions.mode', '{"mode":"readonly"}'],
    ['permissions.rules', '{"rules":{}}'],
    ['permissions.rules[0]', '{"rules":["*"]}'],
    ['permissions.rules[0].tool', '{"rules":[{"action":"allow"}]}'],
    ['permissions.rules[0].tool', '{"rules":[{"tool":"","action":"allow"}]}'],
    ['permissions.rules[0].tool', '{"rules":[{"tool":"a.*b","action":"allow"}]}'],
    ['permissions.rules[1].action', '{"rules":[{"tool":"*","action":"deny"},{"tool":"*"}]}'],
    ['permissions.rules[0].action', '{"rules":[{"tool":"*","action":"Allow"}]}'],
    ['permissions.rules[0].args', '{"rules":[{"tool":"*","args":{},"action":"deny"}]}'],
    ['permissions.rules[0].args.command', '{"rules":[{"tool":"*","args":{"command":"("},"action":"deny"}]}'],
    ['permissions.rules[0].args.command', '{"rules":[{"tool":"*","args":{"command":""},"action":"deny"}]}'],
    ['permissions.rules[0].args.command', '{"rules":[{"tool":"*","args":{"command":1},"action":"deny"}]}'],
    ['permissions.rules[0].arg', '{"rules":[{"tool":"*","arg":{"command":"x"},"action":"deny"}]}'],
    ['permissions.rules[0].domain', '{"rules":[{"tool":"*","domain":[],"action":"deny"}]}'],
    ['permissions.rules[0].domain', '{"rules":[{"tool":"*","domain":"*.example.com","action":"deny"}]}'],
    ['permissions.rules[0].domain[1]', '{"rules":[{"tool":"*","domain":["a.io","https://b.io"],"action":"deny"}]}'],
    ['permissions.rules[0].commandClass', '{"rules":[{"tool":"*","commandClass":"forbidden","action":"allow"}]}'],
    ['permissions.denies[0].action', '{"denies":[{"tool":"*","action":"deny"}]}'],
    ['permissions.denies[0].tool', '{"denies":[{"tool":7}]}'],
    ['permissions.web.allowed', '{"web":{"allowed":[]}}'],
    ['permissions.web.block[0]', '{"web":{"block":["example.com:80"]}}'],
    ['permissions.web.allow[0]', '{"web":{"allow":["example.com/path"]}}'],
    ['permissions.web.allow[0]', '{"web":{"allow":["..example.com"]}}'],
    ['permissions.web.allow[0]', '{"web":{"allow":["."]}}'],
  ])('%s in %s', (option, json) => {
    expect(refusalOf(() => new PermissionEngine(fromJson(json)))[0]).toBe(option);
  });

  test('says what may stand there', () => {
    const [, message] = refusalOf(() => new PermissionEngine({ web: { allow: ['*.example.com'] } }));
    expect(message).toBe(
      'permissions.web.allow[0] cannot be "*.example.com". Allowed: a host such as "example.com", or ".example.com" for it and all below.',
    );
  });
});

describe('refused for the tools of a run', () => {
  const check = (permissions: PermissionOptions) => () => new PermissionEngine(permissions).check(tools);

  test('a rule that names no tool', () => {
    const [option, message] = refusalOf(check({ rules: [{ tool: 'write_file', action: 'deny' }] }));
    expect(option).toBe('permissions.rules[0].tool');
    expect(message).toContain('names no tool: {"tool":"write_file","action":"deny"}. Known tools: apply_patch,');
    expect(refusalOf(check({ denies: [{ tool: 'mcp_jira_*' }] }))[0]).toBe('permissions.denies[0].tool');
  });

  test('an argument that none of its tools has', () => {
    const [option, message] = refusalOf(check({ rules: [{ tool: 'file_*', args: { path: 'x' }, action: 'deny' }] }));
    expect(option).toBe('permissions.rules[0].args.path');
    expect(message).toContain('Arguments of file_read, file_update, file_write: file_path, start_line');
  });

  test('a domain for tools without a URL, and a class for tools without commands', () => {
    expect(refusalOf(check({ denies: [{ tool: 'file_*', domain: 'a.io' }] }))[0]).toBe('permissions.denies[0].domain');
    const rule = { tool: 'file_*', commandClass: 'dangerous', action: 'deny' } as const;
    expect(refusalOf(check({ rules: [rule] }))[0]).toBe('permissions.rules[0].commandClass');
  });

  test('nothing that one of its tools has', () => {
    const rules = [
      { tool: '*', args: { command: 'x' }, action: 'ask' },
      { tool: 'fetch_webpages', domain: '.example.com', action: 'allow' },
      { tool: 'file_?????', args: { content: 'x' }, action: 'deny' },
      { tool: 'execute_shell_command', commandClass: 'dangerous', action: 'deny' },
    ] as const;
    expect(check({ rules, denies: [{ tool: '*', domain: 'evil.io' }] })).not.toThrow();
  });
});

test('what is given is not kept: changing it later changes nothing', async () => {
  const rules = [{ tool: '*', action: 'deny' as 'deny' | 'allow' }];
  const engine = new PermissionEngine({ rules });
  rules[0] = { tool: '*', action: 'allow' };
  const tool = tools.getTool('send_mail');
  if (tool === undefined) throw new Error('There is no such tool.');
  expect((await engine.decide({ tool, args: {}, sandboxType: 'local' })).action).toBe('deny');
});
