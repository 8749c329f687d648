import { HttpError } from './http.ts';

export interface ByteRange {
  readonly start: number;
  /** Not included. */
  readonly end: number;
}

/**
 * What a `Range` header asks for of `size` bytes; `undefined` for all, also where the header is none we know.
 *
 * @throws {HttpError} 416 for a range that begins behind the end.
 */
export function toByteRange(header: string | undefined, size: number): ByteRange | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = parts ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end };
  throw new HttpError(416, 'RANGE_NOT_SATISFIABLE', `The file has ${size} bytes.`);
}

/** `limit` lines from line `offset` (from 1) on, with their breaks. */
export function toLines(text: string, offset: number, limit: number): string {
  const lines = text.split(/(?<=\n)/);
  return lines.slice(offset - 1, offset - 1 + limit).join('');
}
