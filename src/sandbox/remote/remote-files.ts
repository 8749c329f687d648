import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { Sandbox as ServerSandbox } from '@alibaba-group/opensandbox';
import { SageError } from '../../errors.ts';
import { toFileError } from '../file-error.ts';
import { foldersToSkip } from '../glob-files.ts';
import { toGlobRegExp } from '../glob-pattern.ts';
import type { FileInfo, GlobOptions, GlobResult, Sandbox } from '../sandbox.ts';
import { readPath, readRecords, readReply, type FileRecord } from './file-records.ts';
import { createFileScripts, type Root } from './file-scripts.ts';
import { toRemoteError } from './remote-error.ts';

export interface RemoteFilesDeps {
  /** As the agent names it. */
  readonly workspace: string;
  readonly roots: readonly Root[];
  /** Runs a shell command to its end, and gives what it printed. */
  readonly run: (command: string, signal?: AbortSignal) => Promise<string>;
  readonly server: Pick<ServerSandbox['files'], 'readBytes' | 'writeFiles'>;
  readonly apiKey: string;
}

export interface RemoteFiles extends Pick<
  Sandbox,
  'readFile' | 'writeFile' | 'list' | 'stat' | 'move' | 'remove' | 'glob'
> {
  /** The real path of a folder. @throws {SageError} `sandbox-error` for anything else. */
  folder(path: string): Promise<string>;
}

/** Of what the server tells about files in one search. */
const mostSearchBytes = 16 * 1024 * 1024;
const defaultGlobLimit = 200;
const longestNameBytes = 255;

/**
 * The file operations of a remote sandbox: small shell scripts find out what a path really is and put things in their
 * place, the server's own file calls carry the bytes.
 *
 * Between the look and the use a command may swap links; what confines it then is the sandbox on the server.
 */
export function createRemoteFiles({ workspace, roots, run, server, apiKey }: RemoteFilesDeps): RemoteFiles {
  const script = createFileScripts(roots);
  const absolute = (path: string) => posix.resolve(workspace, path);

  /** Runs one of the scripts about `path`, which comes first in its arguments. */
  async function ask(operation: string, path: string, rest: readonly string[] = [], signal?: AbortSignal) {
    refuseImpossible(path);
    return readReply(await run(script(operation, absolute(path), ...rest), signal), path);
  }

  async function carry<Result>(path: string, use: () => Promise<Result>): Promise<Result> {
    return await use().catch((error: unknown) => {
      throw toRemoteError(error, apiKey, path);
    });
  }

  async function inspect(path: string): Promise<FileRecord> {
    const [record] = readRecords(await ask('inspect', path));
    if (record !== undefined) return record;
    throw new SageError('sandbox-error', `"${path}" cannot be read. Look at it with a command.`, { path });
  }

  async function readFile(path: string): Promise<Uint8Array> {
    const real = readPath(await ask('find_file', path));
    return await carry(path, () => server.readBytes(real));
  }

  async function writeFile(path: string, data: string | Uint8Array, { mode }: { mode?: 'overwrite' | 'append' } = {}) {
    const draft = `.sagents-${randomUUID()}.tmp`;
    const real = readPath(await ask('begin_write', path, [draft]));
    try {
      await carry(path, () => server.writeFiles([{ path: posix.join(posix.dirname(real), draft), data }]));
    } catch (error) {
      await run(script('drop_draft', real, draft)).catch(() => undefined);
      throw error;
    }
    readReply(await run(script(mode === 'append' ? 'end_append' : 'end_overwrite', real, draft)), path);
  }

  async function statFile(path: string): Promise<FileInfo> {
    return toInfo(await inspect(path), absolute(path));
  }

  async function folder(path: string): Promise<string> {
    const { type, name } = await inspect(path);
    if (type === 'directory') return name;
    throw new SageError('sandbox-error', `"${path}" is not a folder. Give a folder.`, { path });
  }

  /** Told twice, a link is what it leads to; told once, that is nowhere to go. */
  async function list(path: string): Promise<readonly FileInfo[]> {
    const byPath = new Map<string, FileInfo>();
    for (const record of readRecords(await ask('list_folder', path))) {
      const at = posix.join(absolute(path), record.name);
      byPath.set(at, toInfo(record, at));
    }
    return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  async function move(from: string, to: string): Promise<void> {
    refuseImpossible(from);
    refuseImpossible(to);
    readReply(await run(script('move_entry', absolute(from), absolute(to))), from, to);
  }

  async function remove(path: string): Promise<void> {
    await ask('remove_entry', path);
  }

  async function glob(pattern: string, options: GlobOptions = {}): Promise<GlobResult> {
    const { path = '.', limit = defaultGlobLimit, signal } = options;
    const fits = toGlobRegExp(pattern);
    const leftOut = foldersToSkip(fits).flatMap((name) => ['-type', 'd', '-name', name, '-prune', '-o']);
    const reply = await ask('find_files', path, [String(mostSearchBytes), ...leftOut], signal);
    const found = readRecords(reply).map((record) => toInfo(record, posix.join(absolute(path), record.name)));
    const fitting = found.filter((file) => fits.test(posix.relative(absolute(path), file.path)));
    const newest = fitting.toSorted((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime());
    const wasCut = Buffer.byteLength(reply) >= mostSearchBytes - 1;
    return { files: newest.slice(0, limit), truncated: newest.length > limit || wasCut };
  }

  return { readFile, writeFile, list, stat: statFile, move, remove, glob, folder };
}

function toInfo({ type, size, modifiedAt }: FileRecord, path: string): FileInfo {
  if (type === 'link') return { path, type: 'other', size: 0, modifiedAt: new Date(0) };
  return { path, type, size, modifiedAt };
}

function refuseImpossible(path: string): void {
  if (path.includes('\0')) {
    throw new SageError('sandbox-error', `The path has a NUL character in it. Give one without.`, { path });
  }
  if (path.split('/').every((name) => Buffer.byteLength(name) <= longestNameBytes)) return;
  throw toFileError(Object.assign(new Error('ENAMETOOLONG'), { code: 'ENAMETOOLONG' }), path);
}
