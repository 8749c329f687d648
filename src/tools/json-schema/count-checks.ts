import { holdingOf, isOnParts, isRecord, schemasIn, type SchemaNode, type SchemaObject } from './keywords.ts';
import type { SchemaChecker } from './schema-checker.ts';

/** How deep schemas and values may be nested; what is read by calling oneself has no more room than that. */
const mostNested = 100;
/** And how many schemas one within the other may be checked, references included. */
const mostWithin = 500;

/**
 * Whether checking a value could take more than `most` steps: one for each meeting of a schema with a part of the value, and
 * one for whatever the two hold that is gone through at it. Counted, at the worst, not measured: it is the same each time.
 */
export function costsMoreThan(most: number, checker: SchemaChecker, value: unknown): boolean {
  if (isNestedTooDeep(value)) return true;
  let cost = 0;
  const left: Meeting[] = [{ schema: checker.schema, part: value, within: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    cost += costOf(next);
    if (cost > most || next.within > mostWithin) return true;
    for (const further of furtherMeetings(checker, next)) {
      cost += 1;
      if (cost > most) return true;
      left.push(further);
    }
  }
  return false;
}

export function isNestedTooDeep(value: unknown, depth = mostNested): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((part) => isNestedTooDeep(part, depth - 1));
}

/** Texts are gone through faster. */
const charactersAStep = 100;

interface Meeting {
  readonly schema: SchemaNode;
  readonly part: unknown;
  readonly within: number;
}

function* furtherMeetings(checker: SchemaChecker, { schema, part, within: outer }: Meeting): Generator<Meeting> {
  if (typeof schema === 'boolean') return;
  const within = outer + 1;
  for (const beside of checker.besides(schema)) yield { schema: beside, part, within };
  if (typeof part !== 'object' || part === null) return;
  for (const [keyword, held] of Object.entries(schema)) {
    if (!isOnParts(keyword)) continue;
    for (const [name, one] of schemasIn(keyword, held)) {
      // Of the others it is not said which parts they meet: all, at the worst.
      const parts = keyword === 'properties' ? partNamed(part, name) : Object.values(part);
      for (const inner of parts) yield { schema: one, part: inner, within };
    }
  }
}

function partNamed(part: object, name: string): unknown[] {
  const own = Object.getOwnPropertyDescriptor(part, name);
  return own === undefined ? [] : [own.value];
}

function costOf({ schema, part }: Meeting): number {
  const isCompared = isRecord(schema) && schema['uniqueItems'] === true && Array.isArray(part);
  const ofPart = isCompared ? part.length * sizeOf(part) : shallowSizeOf(part);
  return ofPart + (isRecord(schema) ? ownSizeOf(schema) : 1);
}

const sizes = new WeakMap<SchemaObject, number>();

/** Of what is gone through at each meeting: other schemas count when they meet something themselves. */
function ownSizeOf(schema: SchemaObject): number {
  let size = sizes.get(schema);
  if (size === undefined) {
    size = Object.entries(schema).reduce((sum, [keyword, held]) => {
      return sum + (holdingOf(keyword) === undefined ? sizeOf(held) : schemasIn(keyword, held).length);
    }, 1);
    sizes.set(schema, size);
  }
  return size;
}

function shallowSizeOf(part: unknown): number {
  if (typeof part === 'string') return 1 + part.length / charactersAStep;
  return typeof part === 'object' && part !== null ? 1 + Object.keys(part).length : 1;
}

function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return shallowSizeOf(value);
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 1);
}
