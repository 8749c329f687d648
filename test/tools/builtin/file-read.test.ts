import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { fileRead } from '../../../src/tools/builtin/file-read.ts';
import { callTool, openWorkspace } from './helpers.ts';

async function read(sandbox: Sandbox, content: string | Uint8Array, args: Record<string, unknown> = {}) {
  await sandbox.writeFile('file', content);
  return (await callTool(fileRead, { file_path: 'file', ...args }, sandbox)) as { content: string };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}\n`).join('');

describe('file_read', () => {
  test('numbers the lines, and tells how many there are', async () => {
    await using sandbox = await openWorkspace();
    expect(await read(sandbox, 'a\n\nb')).toEqual({
      file_path: 'file',
      content: '   1 | a\n   2 | \n   3 | b',
      start_line: 1,
      end_line: 3,
      total_lines: 3,
    });
  });

  test('reads the first 400 lines, and tells where to go on', async () => {
    await using sandbox = await openWorkspace();
    const result = await read(sandbox, numbers(1_000), { include_line_numbers: false });
    expect(result).toMatchObject({ start_line: 1, end_line: 400, total_lines: 1_000, next_start_line: 401 });
    expect(result.content).toBe(numbers(400));
  });

  test('reads from start_line to end_line, both included', async () => {
    await using sandbox = await openWorkspace();
    const range = { start_line: 9, end_line: 10 };
    expect(await read(sandbox, numbers(11), range)).toMatchObject({
      content: '   9 | 9\n  10 | 10\n',
      next_start_line: 11,
    });
    expect(await read(sandbox, numbers(9), range)).toEqual({
      file_path: 'file',
      content: '   9 | 9\n',
      start_line: 9,
      end_line: 9,
      total_lines: 9,
    });
  });

  test.each([
    ['Windows line breaks', 'a\r\nb\r\n', 2],
    ['a byte order mark', '\uFEFFa\n', 1],
    ['form feeds, lone carriage returns and Unicode separators, which break no line', 'a\fb\rc\u2028d\u0085e', 1],
  ])('keeps %s', async (_, text, total_lines) => {
    await using sandbox = await openWorkspace();
    expect(await read(sandbox, text, { include_line_numbers: false })).toMatchObject({ content: text, total_lines });
  });

  test('an empty file has no lines', async () => {
    await using sandbox = await openWorkspace();
    expect(await read(sandbox, '')).toMatchObject({ content: '', start_line: 1, end_line: 0, total_lines: 0 });
  });

  test('ends with the last whole line that 64 KiB hold', async () => {
    await using sandbox = await openWorkspace();
    const line = `${'x'.repeat(999)}\n`;
    const result = await read(sandbox, line.repeat(100), { include_line_numbers: false });
    expect(result).toMatchObject({ content: line.repeat(65), end_line: 65, next_start_line: 66 });
  });

  test('cuts a line too long for one result in its middle, and tells how much', async () => {
    await using sandbox = await openWorkspace();
    const result = await read(sandbox, `${'x'.repeat(1_000_000)}\nnext\n`, { include_line_numbers: false });
    expect(result).toMatchObject({ end_line: 1, next_start_line: 2, left_out_bytes: expect.any(Number) });
    expect(result.content).toMatch(/^x+\n\[… \d+ bytes left out …\]\nx+\n$/);
    expect(Buffer.byteLength(result.content)).toBeLessThanOrEqual(65_536);
  });

  test.each([
    ['bytes that are no UTF-8', Uint8Array.of(0x61, 0xff)],
    ['a NUL', Uint8Array.of(0x61, 0)],
  ])('refuses %s, and tells what can be done', async (_, bytes) => {
    await using sandbox = await openWorkspace();
    await expect(read(sandbox, bytes)).rejects.toThrow(
      '"file" is not UTF-8 text. Look at it with execute_shell_command',
    );
  });

  test('does not load a huge file', async () => {
    await using sandbox = await openWorkspace();
    for await (const _ of sandbox.exec('truncate -s 40M huge')) continue;
    await expect(callTool(fileRead, { file_path: 'huge' }, sandbox)).rejects.toThrow(
      'file_read reads files up to 33554432',
    );
  });

  test('refuses lines that are not there, and tells how many are', async () => {
    await using sandbox = await openWorkspace();
    await expect(read(sandbox, 'a\nb\n', { start_line: 3 })).rejects.toThrow(
      '"file" has 2 lines; start_line 3 is after its end.',
    );
    await expect(read(sandbox, 'a\n', { start_line: 3, end_line: 2 })).rejects.toThrow(
      'end_line 2 is before start_line 3.',
    );
    await expect(read(sandbox, 'a\n', { start_line: 0 })).rejects.toThrow('start_line');
  });

  test.each(['missing', '..', '/etc/passwd'])('passes on why %s cannot be read', async (file_path) => {
    await using sandbox = await openWorkspace();
    await expect(callTool(fileRead, { file_path }, sandbox)).rejects.toMatchObject({ code: 'sandbox-error' });
  });
});
