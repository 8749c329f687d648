import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryWorkspace } from '../../sandbox/helpers.ts';
import { managerOfServers, referenceServer, settled } from '../../support/mcp-stdio.ts';

describe('the reference server of everything, over stdio', () => {
  test('offers its tools, with what it says of them where it is trusted', async () => {
    const everything = referenceServer('everything');
    const manager = await managerOfServers({ every: { ...everything, trust: true }, stranger: everything });
    const [every, stranger] = manager.listMcpServers();
    expect(every).toEqual({
      name: 'every',
      status: 'connected',
      transport: 'stdio',
      tools: expect.arrayContaining(['mcp_every_echo', 'mcp_every_get-sum']),
      leftOut: ['simulate-research-query: it runs only as a task of its server'],
    });
    expect(stranger?.tools).toHaveLength(every?.tools.length ?? 0);
    const treated = (name: string) => [manager.getTool(name)?.effect, manager.getTool(name)?.approval];
    expect(treated('mcp_every_get-sum')).toEqual(['none', 'allow']);
    expect(treated('mcp_every_gzip-file-as-resource')).toEqual(['idempotent', 'allow']);
    expect(treated('mcp_every_toggle-simulated-logging')).toEqual(['once', 'allow']);
    expect(treated('mcp_stranger_get-sum')).toEqual(['once', 'ask']);
    expect(manager.getOpenAITools()[0]?.function).toEqual({
      name: 'mcp_every_echo',
      description: 'Echoes back the input string',
      parameters: expect.objectContaining({ type: 'object', required: ['message'] }),
    });
  });

  test('gives text as text, structured content as JSON, and describes what is neither', async () => {
    const manager = await managerOfServers({ every: referenceServer('everything') });
    const run = (name: string, args = {}) => manager.runTool(`mcp_every_${name}`, args);
    expect(await run('get-sum', { a: 2, b: 3 })).toBe('The sum of 2 and 3 is 5.');
    expect(await run('get-structured-content', { location: 'Chicago' })).toEqual({
      temperature: expect.any(Number),
      conditions: expect.any(String),
      humidity: expect.any(Number),
    });
    expect(await run('get-tiny-image')).toContain('[image, image/png, 4035 bytes, not shown]');
    expect(await run('get-resource-links', { count: 1 })).toContain('[link to resource demo://resource/');
    const blob = await run('get-resource-reference', { resourceType: 'Blob', resourceId: 1 });
    expect(blob).toMatch(/\[resource demo:\S+, text\/plain, \d+ bytes, not shown\]/);
  });

  test('is given a built environment, and only what its config adds', async () => {
    process.env['SAGENTS_TEST_SECRET'] = 'not for servers';
    const every = { ...referenceServer('everything'), env: { MINE: '${GREETING:-hello}' } };
    const manager = await managerOfServers({ every });
    const seen = JSON.parse(String(await manager.runTool('mcp_every_get-env', {}))) as Record<string, string>;
    delete process.env['SAGENTS_TEST_SECRET'];
    expect(seen).toMatchObject({ MINE: 'hello', PATH: process.env['PATH'] });
    expect(seen).not.toHaveProperty('SAGENTS_TEST_SECRET');
  });

  test('tells its progress', async () => {
    const manager = await managerOfServers({ every: referenceServer('everything') });
    const progress: string[] = [];
    const onProgress = (text: string) => progress.push(text);
    const args = { duration: 0.4, steps: 2 };
    const told = await manager.runTool('mcp_every_trigger-long-running-operation', args, { onProgress });
    expect(told).toBe('Long running operation completed. Duration: 0.4 seconds, Steps: 2.');
    expect(progress.at(-1)).toBe('2/2');
  });

  test('is told to stop, and the call ends at once', async () => {
    const manager = await managerOfServers({ every: referenceServer('everything') });
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('Enough.'));
    const args = { duration: 60, steps: 600 };
    const context = { signal: controller.signal, onProgress };
    await expect(manager.runTool('mcp_every_trigger-long-running-operation', args, context)).rejects.toThrow('Enough.');
    expect(await manager.runTool('mcp_every_echo', { message: 'still there' })).toBe('Echo: still there');
  });

  test('has its arguments checked before it is asked', async () => {
    const manager = await managerOfServers({ every: referenceServer('everything') });
    expect(await settled(manager.runTool('mcp_every_get-sum', { a: '2' }))).toBe(
      'The arguments of tool "mcp_every_get-sum" do not fit its parameters: ' +
        'Instance does not have required property "b"; a: Instance type "string" is invalid. Expected "number". ' +
        'It takes: a, b.',
    );
  });
});

describe('the reference server of files, over stdio', () => {
  test('reads and writes in its folder, and its refusals are errors', async () => {
    const folder = await temporaryWorkspace();
    await writeFile(join(folder, 'stock.txt'), 'bolt 1200\n');
    const manager = await managerOfServers({ files: referenceServer('filesystem', folder) });
    const run = (name: string, args: object) => manager.runTool(`mcp_files_${name}`, args);
    expect(await run('read_text_file', { path: join(folder, 'stock.txt') })).toEqual({ content: 'bolt 1200\n' });
    await run('write_file', { path: join(folder, 'more.txt'), content: 'nut 800\n' });
    expect(await readFile(join(folder, 'more.txt'), 'utf8')).toBe('nut 800\n');
    expect(await settled(run('read_text_file', { path: '/etc/passwd' }))).toMatch(
      /^Tool "mcp_files_read_text_file" answered with an error: Access denied/,
    );
  });
});
