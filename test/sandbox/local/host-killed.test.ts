import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { temporaryRoot } from './helpers.ts';

test('nothing remains of a sandbox whose process was killed', { timeout: 60_000 }, async () => {
  const root = await temporaryRoot();
  const seconds = `86${process.pid}`;
  const args = ['--import', 'tsx', '-C', 'sagents-source', 'test/sandbox/local/hold-sandbox.ts', root, seconds];
  const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(host.stdout, 'data');
  // The three sleepers, at least, and the helper, which knows the workspace.
  expect(commandLines().filter((line) => line.includes(seconds) && line.includes('sleep')).length).toBeGreaterThan(2);
  host.kill('SIGKILL');
  await vi.waitFor(
    () => expect(commandLines().filter((line) => line.includes(seconds) || line.includes(root))).toEqual([]),
    10_000,
  );
});

function commandLines(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
}
