import { describe, expect, test } from 'vitest';
import { hideSecrets } from '../../../src/tools/mcp/hide-secrets.ts';
import { readConfig } from '../../../src/tools/mcp/read-config.ts';
import { toolNameOf } from '../../../src/tools/mcp/tool-name.ts';

const refusal = (option: string) =>
  expect.objectContaining({ code: 'invalid-argument', facts: expect.objectContaining({ option }) });

describe('a config of MCP servers', () => {
  test('is read as other hosts write it, with its variables filled in', () => {
    const config = {
      theme: 'dark',
      mcpServers: {
        files: { command: '${RUNNER:-npx}', args: ['-y', 'server', '${HOME}/notes'], env: { KEY: '${KEY}' } },
        web: { type: 'http', url: 'https://${HOST}/mcp', headers: { Authorization: 'Bearer ${KEY}' }, timeoutMs: 5 },
        off: { command: 'x', args: ['${NOT_SET}'], disabled: true },
      },
    };
    const [files, web, off] = readConfig(config, { HOME: '/home/ada', KEY: 'key-1234', HOST: 'example.com' });
    expect(files).toMatchObject({
      name: 'files',
      trust: false,
      connectTimeoutMs: 60_000,
      target: { command: 'npx', args: ['-y', 'server', '/home/ada/notes'], env: { KEY: 'key-1234' } },
    });
    expect(web?.target).toEqual({
      transport: 'http',
      url: new URL('https://example.com/mcp'),
      headers: { Authorization: 'Bearer key-1234' },
    });
    expect(web?.settingsOf('any')).toEqual({ timeoutMs: 5 });
    expect(off).toMatchObject({ transport: 'stdio', target: undefined });
  });

  test('may have a ${ that is not filled in', () => {
    const args = ['$${HOME}', 'a$${b', '$$${KEY}', '${KEY:-$}{x}', 'costs $5'];
    const [server] = readConfig({ a: { command: 'x', args } }, { HOME: '/home/ada', KEY: 'key' });
    expect(server?.target).toMatchObject({ args: ['${HOME}', 'a${b', '$${KEY}', 'key{x}', 'costs $5'] });
  });

  test('may be what stands under mcpServers', () => {
    expect(readConfig({ web: { url: 'http://localhost/mcp' } }, {})).toHaveLength(1);
  });

  test('may treat a single tool in its own way', () => {
    const tools = { write: { approval: 'ask', effect: 'idempotent' }, noisy: { disabled: true } };
    const [server] = readConfig({ files: { command: 'x', approval: 'allow', timeoutMs: 9, tools } }, {});
    expect(server?.settingsOf('read')).toEqual({ approval: 'allow', timeoutMs: 9 });
    expect(server?.settingsOf('write')).toEqual({ approval: 'ask', effect: 'idempotent', timeoutMs: 9 });
    expect(server?.settingsOf('noisy')).toEqual({ approval: 'allow', timeoutMs: 9, disabled: true });
    expect(server?.settingsOf('constructor')).toEqual({ approval: 'allow', timeoutMs: 9 });
  });

  test('may say which argument of a single tool a shell is given', () => {
    const shell = { command: 'cmd', folder: 'cwd' };
    const [server] = readConfig({ files: { command: 'x', tools: { run: { shell } } } }, {});
    expect(server?.settingsOf('run')).toEqual({ shell });
    expect(server?.settingsOf('other')).toEqual({});
  });

  test.each([
    ['a shell for all tools', { a: { command: 'x', shell: { command: 'cmd' } } }, 'config.a'],
    [
      'a shell without a command',
      { a: { command: 'x', tools: { run: { shell: {} } } } },
      'config.a.tools.run.shell.command',
    ],
    ['no object', 'mcpServers', 'config'],
    ['neither a command nor a url', { a: {} }, 'config.a'],
    ['both', { a: { command: 'x', url: 'http://localhost' } }, 'config.a'],
    ['a word it does not know', { mcpServers: { a: { url: 'http://localhost', header: {} } } }, 'mcpServers.a'],
    ['a header for a command', { a: { command: 'x', headers: {} } }, 'config.a'],
    ['a number for a variable', { a: { command: 'x', env: { A: 1 } } }, 'config.a.env.A'],
    ['a time that is none', { a: { command: 'x', timeoutMs: -1 } }, 'config.a.timeoutMs'],
    ['another kind of address', { a: { url: 'ftp://localhost' } }, 'config.a.url'],
    ['an old transport', { a: { url: 'http://localhost', type: 'sse' } }, 'config.a.type'],
    [
      'a variable that is not set',
      { a: { url: 'http://localhost', headers: { X: '${NOT_SET}' } } },
      'config.a.headers.X',
    ],
  ])('is refused with %s', (_, config, option) => {
    expect(() => readConfig(config, {})).toThrow(refusal(option));
  });

  const foreign = [
    '${env:KEY}',
    '${input:key}',
    '${MY-KEY}',
    '${}',
    '${KEY',
    '${KEY:+x}',
    '${toString}',
    '${__proto__}',
  ];
  test.each(foreign)('is refused with a %s that nobody fills in, and does not tell what stands there', (text) => {
    const read = () => readConfig({ a: { command: 'x', env: { A: `secret-${text}` } } }, { KEY: 'key' });
    expect(read).toThrow(refusal('config.a.env.A'));
    expect(read).not.toThrow('secret-');
  });

  test('is refused without telling its secrets', () => {
    const config = { a: { url: 'http://ada:secret-1@localhost', headers: { X: 'secret-2 ${NOT_SET}' } } };
    for (const variables of [{}, { NOT_SET: 'secret-3' }]) {
      let told = '';
      try {
        readConfig(config, variables);
      } catch (error) {
        told = `${String(error)} ${JSON.stringify(error)}`;
      }
      expect(told).toMatch(/NOT_SET|http or https/);
      expect(told).not.toMatch(/secret-\d/);
    }
  });

  test('knows what may not be told: variables, the environment, headers and what a url asks with', () => {
    const [stdio, http] = readConfig(
      {
        a: { command: 'x', args: ['--key=${KEY}'], env: { TOKEN: 'token-2' } },
        b: { url: 'http://localhost/${KEY}?token=token-4', headers: { Authorization: 'Bearer token-3' } },
      },
      { KEY: 'key-1' },
    );
    expect(stdio?.secrets).toEqual(['key-1', 'token-2']);
    expect(http?.secrets).toEqual(['key-1', 'Bearer token-3', 'token-3', 'token-4']);
  });
});

describe('what is told of a failure', () => {
  test('has no secret in it, and is one line', () => {
    const secrets = ['key-1', 'key-12', 'abc'];
    expect(hideSecrets('no key-12,\n  no key-1: abc', secrets)).toBe('no [secret], no [secret]: abc');
    expect(hideSecrets('x'.repeat(1_000), [])).toHaveLength(300);
    expect(hideSecrets(JSON.stringify({ key: 'a"b\\c' }), ['a"b\\c'])).toBe('{"key":"[secret]"}');
  });
});

describe('the name of a tool', () => {
  test.each([
    ['files', 'read_file', 'mcp_files_read_file'],
    ['my server', 'do/it.now', 'mcp_my_server_do_it_now'],
    ['ü', '名前', 'mcp_____'],
  ])('of server %s, %s, is %s', (server, tool, name) => {
    expect(toolNameOf(server, tool)).toBe(name);
  });

  test('that is too long is cut, and still its own', () => {
    const names = ['a', 'b'].map((end) => toolNameOf('server', 'x'.repeat(100) + end));
    expect(names.map((name) => name.length)).toEqual([64, 64]);
    expect(names[0]).toMatch(/^mcp_server_x+_[0-9a-f]{8}$/);
    expect(names[0]).not.toBe(names[1]);
  });
});
