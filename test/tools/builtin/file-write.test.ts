import { describe, expect, test } from 'vitest';
import { fileWrite } from '../../../src/tools/builtin/file-write.ts';
import { callTool, openWorkspace } from './helpers.ts';

describe('file_write', () => {
  test('writes the text as it is, and makes the folders', async () => {
    await using sandbox = await openWorkspace();
    const result = await callTool(fileWrite, { file_path: 'a/b.txt', content: 'ü\r\n' }, sandbox);
    expect(result).toEqual({ success: true, file_path: 'a/b.txt', mode: 'overwrite', bytes_written: 4 });
    expect(Buffer.from(await sandbox.readFile('a/b.txt')).toString()).toBe('ü\r\n');
  });

  test('replaces what was there, or appends to it without reading it', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('file', Uint8Array.of(0xff));
    await callTool(fileWrite, { file_path: 'file', content: 'a', mode: 'append' }, sandbox);
    expect([...(await sandbox.readFile('file'))]).toEqual([0xff, 0x61]);
    await callTool(fileWrite, { file_path: 'file', content: 'b' }, sandbox);
    expect([...(await sandbox.readFile('file'))]).toEqual([0x62]);
  });

  test('passes on why a path cannot be written', async () => {
    await using sandbox = await openWorkspace();
    await expect(callTool(fileWrite, { file_path: '../x', content: '' }, sandbox)).rejects.toMatchObject({
      code: 'sandbox-error',
    });
  });
});
