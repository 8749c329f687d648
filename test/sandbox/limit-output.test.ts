import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutputLimit, limitOutput } from '../../src/sandbox/limit-output.ts';

/** Characters of one to four bytes, and line breaks. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', '€', '😀'), maxLength: 400 });
const budget = fc.integer({ min: 64, max: 600 });
const line = /(?:^|\n)\[… (\d+) bytes left out …\]\n/;

describe('a limited text', () => {
  test('tells in one line between head and tail how much was left out', () => {
    const { text, leftOutBytes } = limitOutput(`${'a'.repeat(100)}${'z'.repeat(100)}`, 84);
    expect(text).toBe(`${'a'.repeat(10)}\n[… 180 bytes left out …]\n${'z'.repeat(10)}`);
    expect(leftOutBytes).toBe(180);
  });

  test('is the text itself where it fits', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const budgetBytes = Math.max(64, Buffer.byteLength(whole));
        expect(limitOutput(whole, budgetBytes)).toEqual({ text: whole, leftOutBytes: 0 });
      }),
    );
  });

  test('keeps to the budget, and is a beginning and an end of the text in whole characters', () => {
    fc.assert(
      fc.property(text, budget, (whole, budgetBytes) => {
        const { text: limited, leftOutBytes } = limitOutput(whole, budgetBytes);
        expect(Buffer.byteLength(limited)).toBeLessThanOrEqual(budgetBytes);
        if (leftOutBytes === 0) return;
        const [head = '', told = '', tail = ''] = limited.split(line);
        expect(Number(told)).toBe(leftOutBytes);
        expect(limited).not.toContain('\uFFFD');
        expect(whole.endsWith(tail)).toBe(true);
        // The line break before the line belongs to the head where that ends in one.
        const start = whole.startsWith(`${head}\n`) ? [head, `${head}\n`] : [head];
        const kept = start.map((first) => Buffer.byteLength(first) + Buffer.byteLength(tail) + leftOutBytes);
        expect(kept).toContain(Buffer.byteLength(whole));
        expect(whole.startsWith(head)).toBe(true);
      }),
    );
  });

  test('does not depend on the pieces it came in', () => {
    const pieces = fc.array(text, { maxLength: 20 });
    fc.assert(
      fc.property(pieces, budget, (parts, budgetBytes) => {
        const limit = createOutputLimit(budgetBytes);
        for (const part of parts) limit.add(part);
        expect(limit.limited()).toEqual(limitOutput(parts.join(''), budgetBytes));
      }),
    );
  });

  test('can be made shorter than its budget in the end', () => {
    fc.assert(
      fc.property(text, budget, budget, (whole, a, b) => {
        const limit = createOutputLimit(Math.max(a, b));
        limit.add(whole);
        expect(limit.limited(Math.min(a, b))).toEqual(limitOutput(whole, Math.min(a, b)));
      }),
    );
  });

  test('takes no more memory than a few budgets, however much is added', () => {
    const limit = createOutputLimit(1_000);
    const piece = 'x'.repeat(100_000);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 5_000; i += 1) limit.add(piece);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    expect(limit.totalBytes).toBe(500_000_000);
    expect(limit.limited().leftOutBytes).toBeGreaterThan(499_999_000);
  });

  test('refuses a budget that cannot hold the line', () => {
    expect(() => limitOutput('', 63)).toThrow('A budget of 63 bytes cannot be kept. Allowed: 64 to Infinity bytes.');
    expect(() => createOutputLimit(100).limited(101)).toThrow('Allowed: 64 to 100 bytes.');
  });
});
