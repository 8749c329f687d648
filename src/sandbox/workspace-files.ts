import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { confineName, confinePath } from './confine-path.ts';
import { toFileError } from './file-error.ts';
import { globFiles } from './glob-files.ts';
import { moveFile, removeFile } from './move-file.ts';
import { withRegularFile, type NamedFile } from './regular-file.ts';
import { replaceFile } from './replace-file.ts';
import type { Roots } from './roots.ts';
import type { FileInfo, GlobResult, Sandbox } from './sandbox.ts';

/** The file operations of a sandbox, where its files are files of this machine, or of the helper's view of it. */
export interface WorkspaceFiles extends Pick<Sandbox, 'readFile' | 'writeFile' | 'list' | 'stat' | 'move' | 'remove'> {
  /** `fits` is asked about paths relative to `path`. */
  glob(fits: RegExp, options: { readonly path: string; readonly limit: number }): Promise<GlobResult>;
}

export function createWorkspaceFiles(roots: Roots): WorkspaceFiles {
  const workspace = roots[0].path;

  async function at<Result>(path: string, use: (named: NamedFile) => Promise<Result>): Promise<Result> {
    try {
      return await use({ path, real: await confinePath(roots, path) });
    } catch (error) {
      throw toFileError(error, path);
    }
  }

  function readFile(path: string): Promise<Uint8Array> {
    return at(path, (named) => withRegularFile(named, 'read', (file) => file.readFile()));
  }

  function writeFile(path: string, data: string | Uint8Array, { mode }: { mode?: 'overwrite' | 'append' } = {}) {
    return at(path, async (named) => {
      await mkdir(dirname(named.real), { recursive: true });
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

  async function move(from: string, to: string): Promise<void> {
    try {
      const source = { path: from, real: await confineName(roots, from) };
      await moveFile(source, { path: to, real: await confineName(roots, to) });
    } catch (error) {
      throw toFileError(error, from);
    }
  }

  async function remove(path: string): Promise<void> {
    try {
      await removeFile(await confineName(roots, path));
    } catch (error) {
      throw toFileError(error, path);
    }
  }

  function glob(fits: RegExp, { path, limit }: { path: string; limit: number }): Promise<GlobResult> {
    return at(path, async ({ real }) => {
      await readdir(real);
      const { files, truncated } = await globFiles(real, fits, { limit });
      const found = files.map(({ relativePath, size, modifiedAt }): FileInfo => {
        return { path: resolve(workspace, path, relativePath), type: 'file', size, modifiedAt };
      });
      return { files: found, truncated };
    });
  }

  return { readFile, writeFile, list, stat: statFile, move, remove, glob };
}
