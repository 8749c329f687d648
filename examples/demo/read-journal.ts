import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

export interface JournalLine {
  readonly seq: number;
  /** Unix seconds. */
  readonly at: number;
  readonly entries: readonly { readonly type: string; readonly [field: string]: unknown }[];
}

/** Reads a journal by hand: one JSON record a line, each with the CRC-32 of what stands before it. */
export async function readJournal(path: string): Promise<{ readonly bytes: number; readonly lines: JournalLine[] }> {
  const text = await readFile(path, 'utf8');
  const lines = text.split('\n').slice(0, -1).map(readLine);
  return { bytes: Buffer.byteLength(text), lines };
}

function readLine(line: string): JournalLine {
  const [, body = '', crc = ''] = /^(.*),"crc":"([0-9a-f]{8})"}$/.exec(line) ?? [];
  if (crc32(body) !== Number.parseInt(crc, 16)) throw new Error(`This line is damaged: ${line}`);
  return JSON.parse(line) as JournalLine;
}

/** Each entry with its own number: a record's `seq` is that of its first, and `pieces` take one a piece. */
export function entriesOf(
  lines: readonly JournalLine[],
): { readonly seq: number; readonly type: string; readonly fields: string }[] {
  return lines.flatMap(({ seq, entries }) => {
    let next = seq;
    return entries.map(({ type, ...fields }) => {
      const number = next;
      next += Array.isArray(fields['pieces']) ? fields['pieces'].length : 1;
      return { seq: number, type, fields: JSON.stringify(fields) };
    });
  });
}
