import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { FileInfo, Sandbox } from '../sandbox/sandbox.ts';

/** The content of a skill's files, by their paths: a hash each. */
export type Contents = ReadonlyMap<string, string>;

/** Beside the copied files, and never one of them: a skill's own names that begin with a dot are not copied. */
const manifestName = '.sagents-skill.json';

/** Of a copy: what is larger was not copied by us. */
const mostBytes = 10 * 1024 * 1024;

/** What stands at a path of a skill and is no file that could have been copied. */
const somethingElse = 'something else';

export function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** What stands at some paths of a folder of the sandbox. Empty where the folder is not there. */
export async function readCopy(sandbox: Sandbox, folder: string, paths: Iterable<string>): Promise<Contents> {
  const list = lister(sandbox);
  const contents = new Map<string, string>();
  for (const path of paths) {
    const place = posix.join(folder, path);
    const info = (await list(posix.dirname(place))).get(posix.basename(place));
    if (info === undefined) continue;
    const isCopy = info.type === 'file' && info.size <= mostBytes;
    contents.set(path, isCopy ? hash(await sandbox.readFile(place)) : somethingElse);
  }
  return contents;
}

/** What was copied to a folder, as it was then. `undefined` where nobody has copied there, or not to the end. */
export async function readManifest(sandbox: Sandbox, folder: string): Promise<Contents | undefined> {
  try {
    const text = new TextDecoder().decode(await sandbox.readFile(posix.join(folder, manifestName)));
    const { files } = JSON.parse(text) as { readonly files: unknown };
    if (typeof files !== 'object' || files === null) return undefined;
    const entries = Object.entries(files);
    // A path that leads elsewhere was not written by us.
    const isOurs = entries.every(([path, one]) => typeof one === 'string' && !isOutside(path));
    return isOurs ? new Map(entries as [string, string][]) : undefined;
  } catch {
    return undefined;
  }
}

export async function writeManifest(sandbox: Sandbox, folder: string, contents: Contents): Promise<void> {
  const text = JSON.stringify({ files: Object.fromEntries(contents) });
  await sandbox.writeFile(posix.join(folder, manifestName), text);
}

/**
 * The entries of folders, each listed once. That a folder is not there is learnt from the one above it: an error would not tell
 * it from one that cannot be read just now, whose files must not be taken for missing.
 */
function lister(sandbox: Sandbox): (folder: string) => Promise<ReadonlyMap<string, FileInfo>> {
  const listed = new Map<string, ReadonlyMap<string, FileInfo>>();
  const list = async (folder: string): Promise<ReadonlyMap<string, FileInfo>> => {
    const known = listed.get(folder);
    if (known !== undefined) return known;
    const isThere =
      folder === '.' || (await list(posix.dirname(folder))).get(posix.basename(folder))?.type === 'directory';
    const entries = isThere ? await sandbox.list(folder) : [];
    const byName = new Map(entries.map((info) => [posix.basename(info.path), info]));
    listed.set(folder, byName);
    return byName;
  };
  return list;
}

function isOutside(path: string): boolean {
  return posix.isAbsolute(path) || path.split('/').includes('..');
}
