import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { messageOf, SageError } from '../errors.ts';
import { codeOf } from '../sandbox/file-error.ts';
import { readPlainFile, type PlainFile } from './plain-file.ts';
import type { Skill } from './skill.ts';

/** A file of a skill. */
export interface SkillFile extends PlainFile {
  /** From the skill's folder, with `/`. */
  readonly path: string;
}

const mostFiles = 200;
const mostFolders = 200;
const mostBytes = 10 * 1024 * 1024;

/** Of no use to whoever follows the instructions, and often large. */
const leftOut = ['node_modules', '__pycache__', 'venv'];

/**
 * Reads the files that go with a skill: all but those whose names begin with a dot, and what is installed or made.
 *
 * @throws {SageError} `tool-error` with the reason: for a link or whatever else is no file and no folder, for a path that leads
 *   out of the skill's folder, for more than 200 files or 10 MiB. It does not tell where on the host the skill is.
 */
export async function readSkillFolder(skill: Skill): Promise<readonly SkillFile[]> {
  const files: SkillFile[] = [];
  const folders = [''];
  let bytes = 0;
  for (const folder of folders) {
    for (const entry of await listFolder(skill, folder)) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else files.push(await readFile(skill, path, entry));
      bytes += entry.isDirectory() ? 0 : (files.at(-1)?.data.byteLength ?? 0);
      if (files.length > mostFiles) throw unloadable(skill, `it has more than ${mostFiles} files`);
      if (folders.length > mostFolders) throw unloadable(skill, `it has more than ${mostFolders} folders`);
      if (bytes > mostBytes) throw unloadable(skill, `it has more than ${mostBytes} bytes`);
    }
  }
  return files;
}

/** Why a skill that was found cannot be loaded, for the model to read. */
export function unloadable({ name }: Skill, reason: string): SageError {
  return new SageError('tool-error', `Skill "${name}" cannot be loaded: ${reason}.`, { tool: 'load_skill' });
}

async function listFolder(skill: Skill, folder: string): Promise<Dirent[]> {
  await mustBeInside(skill, folder);
  const entries = await readdir(join(skill.folder, folder), { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(skill, folder, error);
  });
  const kept = entries.filter(({ name }) => !name.startsWith('.') && !leftOut.includes(name));
  return kept.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function readFile(skill: Skill, path: string, entry: Dirent): Promise<SkillFile> {
  if (!entry.isFile()) {
    const kind = entry.isSymbolicLink() ? 'a link' : 'neither a file nor a folder';
    throw unloadable(skill, `"${path}" in it is ${kind}, and only files and folders are copied`);
  }
  await mustBeInside(skill, path);
  const file = await readPlainFile(join(skill.folder, path), mostBytes).catch((error: unknown) => {
    throw unloadable(skill, `"${path}" in it ${messageOf(error)}`);
  });
  return { path, ...file };
}

/** By the real path: what was a folder when it was listed may have become a link. */
async function mustBeInside(skill: Skill, path: string): Promise<void> {
  try {
    const home = join(await realpath(dirname(skill.folder)), basename(skill.folder));
    if ((await realpath(join(skill.folder, path))) === join(home, path)) return;
  } catch (error) {
    throw unreadable(skill, path, error);
  }
  throw unloadable(skill, `"${path || '.'}" in it leads out of its folder`);
}

function unreadable(skill: Skill, path: string, error: unknown): SageError {
  return unloadable(skill, `"${path || '.'}" in it cannot be read (${codeOf(error) ?? messageOf(error)})`);
}
