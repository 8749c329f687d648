import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';
import { openRemoteSandbox } from '../../../src/sandbox/remote/remote-sandbox.ts';
import { CuttableProxy } from '../../support/cuttable-proxy.ts';
import { isRunning, readAll } from '../helpers.ts';
import { FakeServer, answerCommands, complete, json, stdout } from './fake-server.ts';
import { Hosted, token } from './hosted.ts';

async function open(fake: FakeServer) {
  const remote = { domain: fake.domain, protocol: 'http' as const, apiKey: token };
  return await openRemoteSandbox({ workspace: '/w', remote });
}

function commandsSent({ asked }: FakeServer): number {
  return asked.filter((route) => route === 'POST /command').length;
}

describe('the connection is cut in the middle of a command', () => {
  test('the reader is told that its end is not known, and the server kills the command', async () => {
    await using hosted = await Hosted.start();
    await using wire = await CuttableProxy.to(Number(new URL(hosted.url).port));
    await using sandbox = await hosted.open({}, new URL(wire.url).host);
    const output = sandbox.exec('echo $$; sleep 300');
    const { value } = await output.next();
    const pid = Number(value !== undefined && 'text' in value ? value.text : 0);
    wire.cut();
    await expect(output.next()).rejects.toThrow('broke while the command ran');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
    await expect(sandbox.stat('.')).rejects.toMatchObject({ code: 'sandbox-error' });
    await expect(sandbox.stat('.')).rejects.toThrow('could not be reached');
    wire.mend();
    expect((await sandbox.stat('.')).type).toBe('directory');
  });

  test('closing does not wait for a server that is gone', async () => {
    await using hosted = await Hosted.start();
    await using wire = await CuttableProxy.to(Number(new URL(hosted.url).port));
    const sandbox = await hosted.open({}, new URL(wire.url).host);
    const output = sandbox.exec('echo begun; sleep 300');
    await output.next();
    wire.cut();
    await sandbox.close();
    expect((await output.next()).value).toMatchObject({ endedBy: 'close' });
  });
});

describe('a server that ends in the middle of a command', () => {
  test('tells how it ended', async () => {
    const hosted = await Hosted.start();
    const sandbox = await hosted.open();
    const output = sandbox.exec('echo begun; sleep 300');
    await output.next();
    const ended = readAll(output);
    await hosted[Symbol.asyncDispose]();
    expect(await ended).toMatchObject({ exitCode: 143, endedBy: 'close' });
    await expect(readAll(sandbox.exec('true'))).rejects.toThrow('could not be reached');
    await sandbox.close();
  });
});

describe('a command is sent once, whatever comes back', () => {
  const answers = {
    'nothing that can be read': answerCommands(() => []),
    'a stream that is cut': answerCommands(() => 'cut'),
    'output without an end': answerCommands(() => [stdout('a'), { type: 'unknown' }]),
    'garbage': (response: ServerResponse) => void response.end('\0{]garbage\ndata: {"type"\n'),
    'a page for people': (response: ServerResponse) => void response.end('<html>Sign in</html>'),
    'an error of the server': json(500, { code: 'INTERNAL', message: `it broke, key ${token}` }),
    'an error without a body': (response: ServerResponse) => void response.writeHead(502).end(),
    'no answer': (response: ServerResponse) => void response.destroy(),
    'another place': (response: ServerResponse) =>
      void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
  };

  test.each(Object.entries(answers))('%s', async (_, answer) => {
    await using fake = await FakeServer.start();
    await using sandbox = await open(fake);
    fake.answers['POST /command'] = answer;
    const before = commandsSent(fake);
    const error = await readAll(sandbox.exec('rm -rf everything')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'sandbox-error' });
    expect(String(error)).not.toContain(token);
    expect(commandsSent(fake) - before).toBe(1);
  });

  test('files that cannot be had are an error with their path', async () => {
    await using fake = await FakeServer.start();
    await using sandbox = await open(fake);
    fake.answers['POST /command'] = answerCommands(() => [stdout('ok'), stdout('/w/file//'), complete]);
    fake.answers['GET /files/download'] = json(500, { message: 'disk on fire' });
    await expect(sandbox.readFile('file')).rejects.toMatchObject({ code: 'sandbox-error', facts: { path: 'file' } });
    await expect(sandbox.readFile('file')).rejects.toThrow('disk on fire');
    fake.answers['POST /command'] = answerCommands(() => [stdout('sh: stat: not found'), complete]);
    await expect(sandbox.stat('file')).rejects.toThrow('lacks the tools');
  });
});

test('a command that was stopped before the server had started it ended by that, and is no failure of the server', async () => {
  await using fake = await FakeServer.start();
  await using sandbox = await open(fake);
  let tell = () => {};
  const notStarted = { type: 'error', error: { ename: 'NotStarted', evalue: 'It was stopped.', traceback: [] } };
  fake.answers['POST /command'] = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`${JSON.stringify({ type: 'init', text: 'cmd-1' })}\n\n`);
    tell = () => response.end(`${JSON.stringify(notStarted)}\n\n`);
  };
  fake.answers['DELETE /command'] = (response) => {
    response.end();
    tell();
  };
  const ended = await readAll(sandbox.exec('sleep 300', { timeoutMs: 50 }));
  expect(ended).toEqual({ stdout: '', stderr: '', exitCode: 143, endedBy: 'timeout' });
});

describe('opening', () => {
  const answers = {
    'garbage': (response: ServerResponse) => void response.end('garbage'),
    'nothing': (response: ServerResponse) => void response.end(),
    'a list instead of a sandbox': json(202, []),
    'an error': json(500, { message: 'no room' }),
    'no answer': (response: ServerResponse) => void response.destroy(),
  };

  test.each(Object.entries(answers))('at a server that answers with %s is unavailable', async (_, answer) => {
    await using fake = await FakeServer.start({ 'POST /v1/sandboxes': answer });
    await expect(open(fake)).rejects.toMatchObject({ code: 'sandbox-unavailable', facts: { sandboxType: 'remote' } });
  });

  test('that fails half-way ends what it has made', async () => {
    await using fake = await FakeServer.start({ 'POST /command': json(500, {}) });
    await expect(open(fake)).rejects.toMatchObject({ code: 'sandbox-unavailable' });
    expect(fake.asked).toContain('DELETE /v1/sandboxes/box');
  });
});

describe('a server of another make', () => {
  test('gives its lines back their breaks, and its ends are understood', async () => {
    await using fake = await FakeServer.start();
    await using sandbox = await open(fake);
    const failed = (evalue: string) => ({ type: 'error', error: { ename: 'CommandExecError', evalue, traceback: [] } });
    fake.answers['POST /command'] = answerCommands(() => [stdout('one'), { type: 'ping' }, stdout(''), failed('3')]);
    expect(await readAll(sandbox.exec('x'))).toEqual({ stdout: 'one\n\n', stderr: '', exitCode: 3, endedBy: 'exit' });
    fake.answers['POST /command'] = answerCommands(() => [failed('signal: terminated')]);
    expect((await readAll(sandbox.exec('x'))).exitCode).toBe(143);
    fake.answers['POST /command'] = answerCommands(() => [failed('-1')]);
    expect((await readAll(sandbox.exec('x'))).exitCode).toBe(137);
  });
});
