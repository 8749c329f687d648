import { expect, test } from 'vitest';
import { toMemoryBytes } from '../../src/cli/sandbox-server/resource-limits.ts';

test.each([
  ['1024', 1024],
  ['2Gi', 2 * 1024 ** 3],
  ['512Mi', 512 * 1024 ** 2],
  ['1.5k', 1500],
  ['3G', 3e9],
])('%s of memory are %d bytes', (given, bytes) => {
  expect(toMemoryBytes(given)).toBe(bytes);
});

test.each(['', 'much', '-1Gi', '0', '1Xi', 'Gi', '1e9', '99999999Ti'])('"%s" is no amount of memory', (given) => {
  expect(() => toMemoryBytes(given)).toThrow('is no amount');
});
