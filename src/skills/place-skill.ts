import { posix } from 'node:path';
import { SageError } from '../errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { SkillFile } from './read-skill-folder.ts';
import { hash, readCopy, readManifest, writeManifest, type Contents } from './skill-copy.ts';

export interface PlaceOptions {
  /** From the workspace. */
  readonly folder: string;
  readonly files: readonly SkillFile[];
  readonly signal: AbortSignal;
}

export interface SkillPlace {
  /** From the workspace. */
  readonly folder: string;
  /** Files that stand there otherwise than they were copied: they were left as they are. */
  readonly edited: readonly string[];
  /** The folder that was meant, and is left alone: it holds what somebody has edited, of another version. */
  readonly instead?: string;
}

/**
 * Sees to it that the files of a skill are in a folder of the sandbox. What is there and the same is left.
 *
 * An older version takes the new one's place if nobody has edited it; else the new one goes into a folder of its own. What
 * was copied is noted beside it, at the end: a copy that was interrupted is completed.
 */
export async function placeSkill(sandbox: Sandbox, { folder, files, signal }: PlaceOptions): Promise<SkillPlace> {
  const wanted: Contents = new Map(files.map(({ path, data }) => [path, hash(data)]));
  const noted = await readManifest(sandbox, folder);
  const copied = noted ?? wanted;
  const found = await readCopy(sandbox, folder, new Set([...copied.keys(), ...wanted.keys()]));
  const edited = [...found].flatMap(([path, content]) =>
    content === copied.get(path) || content === wanted.get(path) ? [] : [path],
  );
  const isNoted = noted !== undefined && isSame(noted, wanted);
  if (edited.length > 0 && !isNoted) {
    const version = hash(JSON.stringify([...wanted])).slice(0, 8);
    const beside = await placeSkill(sandbox, { folder: `${folder}@${version}`, files, signal });
    return { ...beside, instead: folder };
  }
  const missing = files.filter(({ path }) => !edited.includes(path) && found.get(path) !== wanted.get(path));
  const outdated = [...found.keys()].filter((path) => !wanted.has(path));
  for (const { path, data } of missing) {
    signal.throwIfAborted();
    await sandbox.writeFile(posix.join(folder, path), data);
  }
  for (const path of outdated) await sandbox.remove(posix.join(folder, path));
  const programs = (isNoted ? missing : files).filter(({ isExecutable }) => isExecutable).map(({ path }) => path);
  if (programs.length > 0) await makeExecutable(sandbox, folder, programs, signal);
  if (!isNoted) await writeManifest(sandbox, folder, wanted);
  return { folder, edited };
}

function isSame(a: Contents, b: Contents): boolean {
  return a.size === b.size && [...a].every(([path, content]) => b.get(path) === content);
}

/** The sandbox's files have no modes; its commands do. */
async function makeExecutable(
  sandbox: Sandbox,
  folder: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const quoted = paths.map((path) => `'${path.replaceAll("'", `'\\''`)}'`);
  const output = sandbox.exec(`chmod +x -- ${quoted.join(' ')}`, { cwd: folder, signal });
  let said = '';
  let next = await output.next();
  for (; next.done !== true; next = await output.next()) said += next.value.text;
  if (next.value.exitCode === 0) return;
  signal.throwIfAborted();
  const message = `The programs in "${folder}" cannot be made executable: ${said.trim()}.`;
  throw new SageError('sandbox-error', message, { path: folder });
}
