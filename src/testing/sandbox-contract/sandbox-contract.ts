import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { ContractCase } from '../contract.ts';
import { background } from './background.ts';
import { closing } from './closing.ts';
import { commands } from './commands.ts';
import { confinement } from './confinement.ts';
import { files } from './files.ts';
import { moving } from './moving.ts';
import { searching } from './searching.ts';

/**
 * What every sandbox promises, as data for any test runner:
 * `for (const { name, run } of sandboxContract(open)) test(name, run)`.
 *
 * `open` gives a new sandbox each time, its workspace empty. Each run closes its own; the workspace is the caller's to
 * remove. The machine inside needs a POSIX shell with the usual small tools.
 */
export function sandboxContract(open: () => Promise<Sandbox>): readonly ContractCase[] {
  return Object.entries({
    ...commands,
    ...background,
    ...files,
    ...moving,
    ...searching,
    ...confinement,
    ...closing,
  }).map(([name, check]) => ({
    name,
    async run() {
      await using sandbox = await open();
      await check(sandbox);
    },
  }));
}
