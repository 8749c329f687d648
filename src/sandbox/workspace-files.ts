import { readdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ensureDir } from 'fs-extra/esm';
import { confinePath } from './confine-path.ts';
import { toFileError } from './file-error.ts';
import { withRegularFile, type NamedFile } from './regular-file.ts';
import { replaceFile } from './replace-file.ts';
import type { FileInfo, Sandbox } from './sandbox.ts';

export type WorkspaceFiles = Pick<Sandbox, 'readFile' | 'writeFile' | 'list' | 'stat'>;

/** The file operations of a sandbox whose workspace is a folder of this machine: absolute, and free of links itself. */
export function createWorkspaceFiles(workspace: string): WorkspaceFiles {
  async function at<Result>(path: string, use: (named: NamedFile) => Promise<Result>): Promise<Result> {
    try {
      return await use({ path, real: await confinePath(workspace, path) });
    } catch (error) {
      throw toFileError(error, path);
    }
  }

  function readFile(path: string): Promise<Uint8Array> {
    return at(path, (named) => withRegularFile(named, 'read', (file) => file.readFile()));
  }

  function writeFile(path: string, data: string | Uint8Array, { mode }: { mode?: 'overwrite' | 'append' } = {}) {
    return at(path, async (named) => {
      await ensureDir(dirname(named.real));
      if (mode === 'append') await withRegularFile(named, 'append', (file) => file.appendFile(data));
      else await replaceFile(named, data);
    });
  }

  /** Links are followed, as opening the path would. */
  function statFile(path: string): Promise<FileInfo> {
    return at(path, async ({ real }) => {
      const stats = await stat(real);
      const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
      return { path: resolve(workspace, path), type, size: stats.size, modifiedAt: stats.mtime };
    });
  }

  function list(path: string): Promise<readonly FileInfo[]> {
    return at(path, async ({ real }) => {
      const names = await readdir(real);
      return Promise.all(names.sort().map((name) => describeEntry(resolve(workspace, path, name))));
    });
  }

  /** A link that leads nowhere or out of the workspace, or an entry that is gone by now, does not spoil the listing. */
  function describeEntry(path: string): Promise<FileInfo> {
    return statFile(path).catch(() => ({ path, type: 'other', size: 0, modifiedAt: new Date(0) }));
  }

  return { readFile, writeFile, list, stat: statFile };
}
