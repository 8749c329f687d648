import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editText } from '../../../src/tools/builtin/edit-text.ts';
import { fileUpdate } from '../../../src/tools/builtin/file-update.ts';
import { callTool, openWorkspace } from './helpers.ts';

const replace = (search_pattern: string, replacement: string, replace_all = false) =>
  ({ update_mode: 'search_replace', search_pattern, replacement, replace_all }) as const;
const lines = (start_line: number, end_line: number, replacement: string) =>
  ({ update_mode: 'line_range', start_line, end_line, replacement }) as const;

describe('file_update', () => {
  test('applies changes in order, each to the result of the one before', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'one\ntwo\nthree\n');
    const operations = [replace('two', 'zwei'), lines(1, 1, 'eins\nund\n'), lines(3, 3, ''), replace('e', 'E', true)];
    expect(await callTool(fileUpdate, { file_path: 'a.txt', operations }, sandbox)).toEqual({
      success: true,
      file_path: 'a.txt',
      operations_applied: 4,
      replacements: 6,
      total_lines: 3,
      changed: true,
    });
    expect(Buffer.from(await sandbox.readFile('a.txt')).toString()).toBe('Eins\nund\nthrEE\n');
  });

  test('writes nothing when one of them fails, and tells which', async () => {
    await using sandbox = await openWorkspace();
    await sandbox.writeFile('a.txt', 'a\nb\na\n');
    for (const [operation, why] of [
      [replace('c', 'd'), 'NO_MATCH'],
      [replace('a', 'd'), 'MULTIPLE_MATCHES: search_pattern is there 2 times, in lines 1, 3.'],
      [lines(2, 5, ''), 'Lines 2 to 5 do not exist: the text has 3 lines.'],
      [{ update_mode: 'line_range', replacement: '' }, 'needs start_line and end_line'],
    ] as const) {
      const call = callTool(fileUpdate, { file_path: 'a.txt', operations: [replace('b', 'B'), operation] }, sandbox);
      await expect(call).rejects.toThrow(`Operation 2 of 2 failed, and nothing was written. `);
      await expect(call).rejects.toThrow(why);
    }
    expect(Buffer.from(await sandbox.readFile('a.txt')).toString()).toBe('a\nb\na\n');
  });

  test('refuses what is no text instead of destroying it', async () => {
    await using sandbox = await openWorkspace();
    const bytes = Uint8Array.of(0x61, 0xff, 0x62);
    await sandbox.writeFile('binary', bytes);
    const call = callTool(fileUpdate, { file_path: 'binary', operations: [replace('a', 'b')] }, sandbox);
    await expect(call).rejects.toThrow('is not UTF-8 text');
    expect(Uint8Array.from(await sandbox.readFile('binary'))).toEqual(bytes);
  });
});

describe('a change', () => {
  test('keeps line endings, and a byte order mark', () => {
    expect(editText('\uFEFFa\r\nb\r\nc\r\n', replace('a\nb', 'x\ny')).text).toBe('\uFEFFx\r\ny\r\nc\r\n');
    expect(editText('a\r\nb\r\n', replace('b', 'x\ny')).text).toBe('a\r\nx\r\ny\r\n');
    expect(editText('a\r\nb\nc\r\n', lines(2, 2, 'x\ny')).text).toBe('a\r\nx\ny\nc\r\n');
    expect(editText('a\r\nb\r\n', lines(1, 1, 'x')).text).toBe('x\r\nb\r\n');
  });

  test('takes its replacement literally', () => {
    expect(editText('a b', replace('a', '$& $1 \\n')).text).toBe('$& $1 \\n b');
  });

  test('inserts before a line, and after the last', () => {
    expect(editText('a\nb\n', lines(2, 1, 'x')).text).toBe('a\nx\nb\n');
    expect(editText('a\nb\n', lines(3, 2, 'x')).text).toBe('a\nb\nx');
    expect(editText('a', lines(2, 1, 'x')).text).toBe('a\nx');
    expect(editText('', lines(1, 0, 'x')).text).toBe('x');
  });

  test('of lines is that of an array of lines, and touches no other', () => {
    const line = fc.stringMatching(/^[a-z\f ]{0,5}$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.nat(), fc.nat(), fc.array(line), (all, a, b, brought) => {
        const start = 1 + (a % all.length);
        const end = start + (b % (all.length - start + 1));
        const expected = [...all.slice(0, start - 1), ...brought, ...all.slice(end)];
        const replacement = brought.map((text) => `${text}\n`).join('');
        const { text } = editText(all.map((one) => `${one}\n`).join(''), lines(start, end, replacement));
        expect(text).toBe(expected.map((one) => `${one}\n`).join(''));
      }),
    );
  });
});
