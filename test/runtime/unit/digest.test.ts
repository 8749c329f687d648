import { expect, test } from 'vitest';
import { digestOf } from '../../../src/runtime/confirmation/digest.ts';

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
