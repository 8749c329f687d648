import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the local sandbox keeps the contract for an ordinary user too', { timeout: 120_000 }, async () => {
  const isRoot = process.getuid?.() === 0;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '-C', 'sagents-source', 'test/sandbox/local/keep-contract.ts'],
    { ...(isRoot ? { uid: 12_345, gid: 12_345 } : {}), env: { PATH: '/usr/bin:/bin' } },
  );
  const { cases, failed, said } = JSON.parse(stdout) as { cases: number; failed: string[]; said: string };
  expect(failed).toEqual([]);
  expect(cases).toBeGreaterThan(50);
  const uid = isRoot ? 12_345 : process.getuid?.();
  expect(said).toMatch(new RegExp(`^${uid}\nrefused\nrefused\nrefused\nworkspace-\\d+\n$`));
});
