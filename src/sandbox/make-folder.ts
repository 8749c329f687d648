import { SageError } from '../errors.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Makes the absolute `path` a folder, with those above it, as the commands of the sandbox make one: it belongs to the
 * same user, and is made on the same machine.
 *
 * @throws {SageError} `sandbox-error` with what the command said.
 */
export async function makeFolder(sandbox: Pick<Sandbox, 'exec'>, path: string): Promise<void> {
  const output = sandbox.exec('mkdir -p -- "$SAGENTS_FOLDER"', { env: { SAGENTS_FOLDER: path } });
  let errors = '';
  for (;;) {
    const next = await output.next();
    if (next.done !== true) {
      errors += next.value.text;
      continue;
    }
    const { exitCode, endedBy } = next.value;
    if (endedBy === 'close')
      throw new SageError('sandbox-closed', 'The sandbox has been closed. Open another one.', {});
    if (exitCode === 0) return;
    const reason = errors.trim() || `mkdir ended with ${exitCode} (${endedBy})`;
    throw new SageError('sandbox-error', `The folder "${path}" cannot be made: ${reason}.`, { path });
  }
}
