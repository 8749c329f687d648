import { randomUUID } from 'node:crypto';
import { access, chmod, chown, constants, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { statRegularFile, type NamedFile } from './regular-file.ts';

/**
 * Puts `data` in the place of a file in one step: who reads meanwhile gets the old content or the new one, never a half.
 *
 * The new file keeps the mode, and where the system lets it the owner, of the one it replaces; its other hard links keep
 * the old content. A file this process may not write is refused, as a plain write would be.
 *
 * @throws {SageError} `sandbox-error` for what is no regular file; system errors as they come.
 */
export async function replaceFile(named: NamedFile, data: string | Uint8Array): Promise<void> {
  const old = await statRegularFile(named);
  // A rename asks the folder only.
  if (old !== undefined) await access(named.real, constants.W_OK);
  const draft = join(dirname(named.real), `.sagents-${randomUUID()}.tmp`);
  try {
    // Nobody else reads the draft of a file that may be private.
    await writeFile(draft, data, { flag: 'wx', mode: old === undefined ? 0o666 : 0o600 });
    if (old !== undefined) {
      // Only root may give files away; a file that is ours then is better than none.
      await chown(draft, old.uid, old.gid).catch(() => undefined);
      await chmod(draft, old.mode & 0o7777);
    }
    await rename(draft, named.real);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
