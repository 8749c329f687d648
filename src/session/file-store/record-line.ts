import { crc32 } from 'node:zlib';
import type { JournalRecord } from '../session-store.ts';

const sealHead = Buffer.from(',"crc":"');
const sealFoot = Buffer.from('"}');
const sealBytes = sealHead.length + 8 + sealFoot.length;
const newline = 0x0a;

/** A record as it is stored: one line of JSON, sealed by the CRC-32 of the bytes before `,"crc"`. */
export function encodeLine(record: JournalRecord): Buffer {
  const body = `{"seq":${record.seq},"at":${record.at},"entries":${JSON.stringify(record.entries)}`;
  const crc = crc32(body).toString(16).padStart(8, '0');
  return Buffer.from(`${body},"crc":"${crc}"}\n`);
}

export interface DecodedLines {
  readonly records: readonly JournalRecord[];
  /** How many of the bytes are whole, good lines. What follows them is torn, or not yet written. */
  readonly goodBytes: number;
  /** Where a bad line stands before a good one. */
  readonly damagedAt?: number;
}

/** Reads lines up to the first bad one. A line without its newline is bad, even if it parses. */
export function decodeLines(bytes: Buffer): DecodedLines {
  const records: JournalRecord[] = [];
  let goodBytes = 0;
  for (let start = 0, end: number; (end = bytes.indexOf(newline, start)) >= 0; start = end + 1) {
    if (!isSealed(bytes, start, end)) continue;
    if (start > goodBytes) return { records, goodBytes, damagedAt: goodBytes };
    records.push(parseSealed(bytes, start, end));
    goodBytes = end + 1;
  }
  return { records, goodBytes };
}

function isSealed(bytes: Buffer, start: number, end: number): boolean {
  const sealStart = end - sealBytes;
  if (sealStart <= start) return false;
  if (!stands(sealHead, bytes, sealStart) || !stands(sealFoot, bytes, end - sealFoot.length)) return false;
  return hexAt(bytes, sealStart + sealHead.length) === crc32(bytes.subarray(start, sealStart));
}

/** Byte by byte: on lines this short, a call into native code for each comparison costs more than the CRC. */
function stands(text: Buffer, bytes: Buffer, at: number): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}

/** The 8 lower-case hex digits at `at` as an unsigned number, -1 if they are others. */
function hexAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let index = at; index < at + 8; index++) {
    const code = bytes[index] ?? 0;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isDigit && (code < 0x61 || code > 0x66)) return -1;
    value = value * 16 + code - (isDigit ? 0x30 : 0x57);
  }
  return value;
}

/** We wrote it and the CRC says it is what we wrote: no further check. */
function parseSealed(bytes: Buffer, start: number, end: number): JournalRecord {
  const { seq, at, entries } = JSON.parse(bytes.toString('utf8', start, end)) as JournalRecord;
  return { seq, at, entries };
}

/** Tells a line from any other at the same place of a file: its CRC as it stands there. */
export const markBytes = 11;

/** The mark of the line that ends at `end`; empty at the start of a journal. */
export function markAt(bytes: Buffer, end: number): string {
  return bytes.toString('latin1', Math.max(0, end - markBytes), end);
}
