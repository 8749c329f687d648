import { limitOutput } from '../sandbox/limit-output.ts';
import { plainToText, toPlain } from './to-text.ts';

export const defaultOutputLimitBytes = 256 * 1024;
/** What fits in it still says something: a status, and both ends of a text. */
export const leastOutputLimitBytes = 1024;

/** A string below this is never cut: what it would save is no more than the line that says so. */
const leastCut = 128;

/**
 * What a tool gave back, as the text the model is given: at most `limitBytes` of UTF-8.
 *
 * Text keeps its head and its tail. An object stays JSON: its long texts are cut, the longest first, so that status and
 * numbers around them survive. One of too many parts keeps its short fields, and the two ends of all of it as text.
 */
export function limitResult(output: unknown, limitBytes: number): string {
  const plain = toPlain(output);
  const text = plainToText(plain);
  if (Buffer.byteLength(text) <= limitBytes) return text;
  const record = typeof plain === 'object' ? plain : recordIn(text);
  return record === null || record === undefined
    ? limitOutput(text, limitBytes).text
    : (withCutTexts(record, limitBytes) ?? withEndsOf(text, record, limitBytes));
}

/** Failures are texts that hold an object. */
function recordIn(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

function withCutTexts(record: object, limitBytes: number): string | undefined {
  // Of each part at least a byte is left.
  if (countParts(record, limitBytes) > limitBytes) return undefined;
  const cutTo = (most: number) => JSON.stringify(record, (_, value: unknown) => cutText(value, most));
  let fitting = cutTo(leastCut);
  if (Buffer.byteLength(fitting) > limitBytes) return undefined;
  // As much of the texts as there is room for, to a sixteenth.
  for (let least = leastCut, most = limitBytes; most - least > least / 16;) {
    const middle = Math.ceil((least + most) / 2);
    const json = cutTo(middle);
    if (Buffer.byteLength(json) > limitBytes) most = middle;
    else [least, fitting] = [middle, json];
  }
  return fitting;
}

/** How many values there are in a value, counted only until there are more than `most`. */
function countParts(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const part of Object.values(value)) {
    count += countParts(part, most - count);
    if (count > most) return count;
  }
  return count;
}

function cutText(value: unknown, most: number): unknown {
  return typeof value === 'string' ? limitOutput(value, most).text : value;
}

function withEndsOf(text: string, record: object, limitBytes: number): string {
  const short = Array.isArray(record) ? {} : Object.fromEntries(Object.entries(record).filter(isShort).slice(0, 8));
  return withCutTexts({ ...short, cut: text }, limitBytes) ?? limitOutput(text, limitBytes).text;
}

function isShort([name, value]: readonly [string, unknown]): boolean {
  return (JSON.stringify(value) ?? '').length + name.length <= 64;
}
