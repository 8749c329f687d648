import { chown, link, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replaceFile } from '../../src/sandbox/replace-file.ts';
import { temporaryWorkspace } from './helpers.ts';

describe('replacing a file', () => {
  test('never shows a half to a reader', async () => {
    const real = join(await temporaryWorkspace(), 'file');
    const contents = ['a', 'b'].map((letter) => letter.repeat(2_000_000));
    await writeFile(real, contents[0] ?? '');
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 20; i += 1) await replaceFile({ real, path: 'file' }, contents[i % 2] ?? '');
      writing = false;
    })();
    while (writing) expect(contents.includes(await readFile(real, 'utf8'))).toBe(true);
    await writer;
  });

  test('leaves who has it open with the old content, and other names of it too', async () => {
    const folder = await temporaryWorkspace();
    const [real, other] = [join(folder, 'file'), join(folder, 'other')];
    await writeFile(real, 'old');
    await link(real, other);
    await replaceFile({ real, path: 'file' }, 'new');
    expect([await readFile(real, 'utf8'), await readFile(other, 'utf8')]).toEqual(['new', 'old']);
  });

  test('keeps the owner where it may', async () => {
    // Only root may give files to others.
    const [uid, gid] = process.getuid?.() === 0 ? [12_345, 54_321] : [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    const real = join(await temporaryWorkspace(), 'file');
    await writeFile(real, 'old');
    await chown(real, uid, gid);
    await replaceFile({ real, path: 'file' }, 'new');
    expect(await stat(real)).toMatchObject({ uid, gid });
  });

  test('leaves nothing behind where no file can be', async () => {
    const folder = await temporaryWorkspace();
    const real = join(folder, 'x'.repeat(300));
    await expect(replaceFile({ real: join(folder, 'sub/x'), path: 'x' }, 'new')).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await expect(replaceFile({ real, path: 'x' }, 'new')).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    expect(await readdir(folder)).toEqual([]);
  });
});
