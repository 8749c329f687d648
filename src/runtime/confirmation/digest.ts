import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

/** SHA-256 of a JSON value, in hex; the order of keys does not count. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/** The same of what a tool's schema has made of arguments, which need not be JSON. */
export function digestOfChecked(value: unknown): string {
  // Where only the one tells two values apart: of sets and infinity the text, of what keeps to itself what it holds the JSON.
  return digestOf([inspect(value, asWhole), toJson(value) ?? null]);
}

const asWhole = {
  depth: Infinity,
  maxArrayLength: Infinity,
  maxStringLength: Infinity,
  breakLength: Infinity,
  sorted: true,
  // A host may have set other defaults.
  colors: false,
  compact: true,
  customInspect: false,
  getters: false,
  numericSeparator: false,
  showHidden: false,
  showProxy: false,
} as const;

/** A value as far as JSON holds it; `undefined` where it does not. */
export function toJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)));
  } catch {
    return undefined;
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isPlain(part) ? sorted(part) : part)) ?? 'null';
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
