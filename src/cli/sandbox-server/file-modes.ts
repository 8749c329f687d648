import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { badRequest } from './http.ts';

/** What the protocol has and a sandbox has not: by the means of the sandbox, so that its path rules hold. */

/** `mode` is octal digits read as a decimal number: 644. */
export async function changeMode(sandbox: Sandbox, path: string, mode: number): Promise<void> {
  if (!/^[0-7]{1,4}$/.test(String(mode))) throw badRequest(`The mode ${mode} is none. Give octal digits, such as 644.`);
  // Refuses a path outside, and one that is not there.
  const found = await sandbox.stat(path);
  const output = sandbox.exec(`chmod ${mode} -- "$TARGET"`, { env: { TARGET: found.path } });
  for (;;) {
    const next = await output.next();
    if (next.done !== true) continue;
    if (next.value.exitCode === 0) return;
    throw badRequest(`The mode of "${path}" cannot be changed.`);
  }
}

/** Missing ones on the way too. */
export async function makeFolder(sandbox: Sandbox, path: string, mode: number): Promise<void> {
  const probe = posix.join(path, `.sagents-${randomUUID()}.tmp`);
  await sandbox.writeFile(probe, '');
  await sandbox.remove(probe);
  await changeMode(sandbox, path, mode);
}
