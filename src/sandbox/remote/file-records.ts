import { SageError } from '../../errors.ts';
import { toFileError } from '../file-error.ts';
import type { FileInfo } from '../sandbox.ts';

/** A file as a script tells it. */
export interface FileRecord {
  readonly type: FileInfo['type'] | 'link';
  readonly size: number;
  readonly modifiedAt: Date;
  readonly name: string;
}

/** What only our scripts say; the rest are the system's own words. */
const meanings: Readonly<Record<string, string>> = {
  OUTSIDE: 'is, or leads, outside the workspace and the mounts. Give a path inside them',
  ROOT: 'is the workspace or a mount itself, or holds one. Give something inside it',
  KIND: 'is a pipe, a socket or a device, not a file. Give the path of a file',
  EXISTS: 'is there already. Remove it first, or choose another name',
  ITSELF: 'cannot be moved into itself. Choose a place outside it',
};

/**
 * What a script printed after its `ok`.
 *
 * @throws {SageError} `sandbox-error` for what it refused, with the path as the agent gave it, or if it said nothing sensible.
 */
export function readReply(printed: string, from: string, to = from): string {
  if (printed.startsWith('ok\n')) return printed.slice('ok\n'.length);
  const [, aboutTo, word] = /^error (TO_)?(\w+)\n/.exec(printed) ?? [];
  const path = aboutTo === undefined ? from : to;
  if (word === undefined) {
    const message = `"${path}" cannot be used: the sandbox lacks the tools for it. It needs a POSIX shell with find, stat and readlink.`;
    throw new SageError('sandbox-error', message, { path });
  }
  const meaning = meanings[word];
  if (meaning !== undefined) throw new SageError('sandbox-error', `"${path}" ${meaning}.`, { path });
  throw toFileError(Object.assign(new Error(word), { code: word }), path);
}

/** The one path a script told. */
export function readPath(reply: string): string {
  return reply.slice(0, reply.lastIndexOf('//'));
}

/** The records a script told; one that was cut off at the end is left out. */
export function readRecords(reply: string): FileRecord[] {
  return reply
    .split('//\n')
    .slice(0, -1)
    .flatMap((text) => {
      const parts = /^([0-9a-f]+)\|(\d+)\|([^|]*)\|(.*)$/s.exec(text);
      if (parts === null) return [];
      const [, mode = '', size = '', time = '', name = ''] = parts;
      return [{ type: toType(Number.parseInt(mode, 16)), size: Number(size), modifiedAt: toDate(time), name }];
    });
}

/** The upper bits of the mode, as every Unix has them. */
function toType(mode: number): FileRecord['type'] {
  switch (mode & 0o170_000) {
    case 0o100_000:
      return 'file';
    case 0o040_000:
      return 'directory';
    case 0o120_000:
      return 'link';
    default:
      return 'other';
  }
}

/** `2026-01-31 12:00:00.123456789 +0000` */
function toDate(time: string): Date {
  const parts = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?/.exec(time);
  const [, day = '', clock = '', fraction = ''] = parts ?? [];
  return new Date(`${day}T${clock}.${fraction.padEnd(3, '0')}Z`);
}
