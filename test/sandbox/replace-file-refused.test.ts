import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { replaceFile } from '../../src/sandbox/replace-file.ts';
import { temporaryWorkspace } from './helpers.ts';

// Tests run as root, and root may write anything: here the system says no.
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<object>()),
  access: () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })),
}));

test('a file that may not be written is refused and stays as it is', async () => {
  const folder = await temporaryWorkspace();
  const real = join(folder, 'file');
  await writeFile(real, 'old', { mode: 0o444 });
  await expect(replaceFile({ real, path: 'file' }, 'new')).rejects.toMatchObject({ code: 'EACCES' });
  expect(await readFile(real, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['file']);
});
