import { SageError } from '../errors.ts';

/** Text within its budget, and how many bytes of the original were left out of it. */
export interface LimitedText {
  readonly text: string;
  readonly leftOutBytes: number;
}

/** A long text on its way in, of which the head and the tail are kept. */
export interface OutputLimit {
  /** UTF-8 bytes added so far. */
  readonly totalBytes: number;
  /** `text` in whole characters. */
  add(text: string): void;
  /** What is kept, within `budgetBytes` (default and most: the budget of the limit). */
  limited(budgetBytes?: number): LimitedText;
}

/** Holds the line between head and tail, whatever its number is. */
const leastBudgetBytes = 64;

/**
 * Keeps the head and the tail of a text within a budget of UTF-8 bytes, and puts one line between them that tells how many
 * bytes were left out. A text that fits is kept as it is. No character is ever split; the line counts as well.
 *
 * Memory stays below some three times the budget plus what one `add` brings.
 *
 * @throws {SageError} `invalid-argument` for a budget below 64 bytes.
 */
export function createOutputLimit(budgetBytes: number): OutputLimit {
  checkBudget(budgetBytes, Infinity);
  // A UTF-16 unit takes at least one byte: as many units as the budget has bytes are always enough.
  let head = '';
  let tail = '';
  let totalBytes = 0;
  return {
    get totalBytes() {
      return totalBytes;
    },
    add(text) {
      totalBytes += Buffer.byteLength(text);
      const room = budgetBytes - head.length;
      head += text.slice(0, room);
      tail += text.slice(room);
      if (tail.length > 2 * budgetBytes) tail = tail.slice(-budgetBytes);
    },
    limited(budget = budgetBytes) {
      checkBudget(budget, budgetBytes);
      if (totalBytes <= budget) return { text: head + tail, leftOutBytes: 0 };
      const side = Math.floor((budget - leastBudgetBytes) / 2);
      const first = firstBytes(head, side);
      const last = lastBytes(head + tail, side);
      const leftOutBytes = totalBytes - Buffer.byteLength(first) - Buffer.byteLength(last);
      const lineBreak = first === '' || first.endsWith('\n') ? '' : '\n';
      return { text: `${first}${lineBreak}[… ${leftOutBytes} bytes left out …]\n${last}`, leftOutBytes };
    },
  };
}

/** The same for a text that is there as a whole. */
export function limitOutput(text: string, budgetBytes: number): LimitedText {
  const limit = createOutputLimit(budgetBytes);
  limit.add(text);
  return limit.limited();
}

/** The longest beginning of `text` that takes no more than `bytes`, in whole characters. */
function firstBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  let end = Math.min(bytes, encoded.length);
  while (isWithinCharacter(encoded, end)) end -= 1;
  return encoded.toString('utf8', 0, end);
}

function lastBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  let start = Math.max(0, encoded.length - bytes);
  while (isWithinCharacter(encoded, start)) start += 1;
  return encoded.toString('utf8', start);
}

/** UTF-8: the second and later bytes of a character begin with the bits 10. */
function isWithinCharacter(encoded: Buffer, offset: number): boolean {
  return ((encoded[offset] ?? 0) & 0b1100_0000) === 0b1000_0000;
}

function checkBudget(given: number, most: number): void {
  if (given >= leastBudgetBytes && given <= most) return;
  const allowed = `${leastBudgetBytes} to ${most} bytes`;
  throw new SageError('invalid-argument', `A budget of ${given} bytes cannot be kept. Allowed: ${allowed}.`, {
    option: 'budgetBytes',
    given,
    allowed,
  });
}
