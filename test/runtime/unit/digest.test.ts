import { expect, test } from 'vitest';
import { digestOf, digestOfChecked } from '../../../src/runtime/confirmation/digest.ts';

test('a digest is that of the value, whatever the order of its keys', () => {
  const one = digestOf({ a: 1, b: { c: [1, 2], d: null } });
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(digestOf({ b: { d: null, c: [1, 2] }, a: 1 })).toBe(one);
});

test.each([
  [{ a: 1 }, { a: '1' }],
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: {} }, { a: [] }],
  [{ a: null }, {}],
  [{ a: 'b:c' }, { 'a:b': 'c' }],
  [
    ['ab', 'c'],
    ['a', 'bc'],
  ],
  [{ ['__proto__']: 1 }, {}],
])('%j has another digest than %j', (one, other) => {
  expect(digestOf(one)).not.toBe(digestOf(other));
});

/** Keeps to itself what it holds. */
class Money {
  readonly #cents: number;
  constructor(cents: number) {
    this.#cents = cents;
  }
  toJSON(): number {
    return this.#cents;
  }
}

test.each<[unknown, unknown]>([
  [new Money(1), new Money(2)],
  [new Set([1]), new Set([2])],
  [new Map([['a', 1]]), new Map([['a', 2]])],
  [Infinity, null],
  [5n, '5'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new URL('http://a/b'), new URL('http://a/c')],
  [/a/, /b/],
  [Buffer.alloc(100), Buffer.alloc(100).fill(1, 99)],
  ['a'.repeat(20_000), `${'a'.repeat(19_999)}b`],
  [Array.from({ length: 200 }, () => 0), [...Array.from({ length: 199 }, () => 0), 1]],
  [{ a: { b: { c: { d: { e: 1 } } } } }, { a: { b: { c: { d: { e: 2 } } } } }],
])('what a schema may make has a digest of its own: %o and %o', (one, other) => {
  expect(digestOfChecked({ value: one })).toBe(digestOfChecked({ value: one }));
  expect(digestOfChecked({ value: one })).not.toBe(digestOfChecked({ value: other }));
});

test('where its keys stand does not count', () => {
  expect(digestOfChecked({ a: 1, b: new Set([{ c: 2, d: 3 }]) })).toBe(
    digestOfChecked({ b: new Set([{ d: 3, c: 2 }]), a: 1 }),
  );
});
