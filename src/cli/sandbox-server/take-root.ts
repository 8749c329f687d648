import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SageError, isSageError } from '../../errors.ts';
import { thisProcess } from '../../session/file-store/process-identity.ts';
import { takeLock } from '../../session/file-store/take-lock.ts';

const sandboxName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Takes the folder of a server's sandboxes for this process, and removes the sandboxes of a server that was killed.
 *
 * @throws {SageError} `invalid-argument` when another server has it.
 */
export async function takeRoot(root: string): Promise<Disposable> {
  const lock = lockRoot(root);
  const left = (await readdir(root)).filter((name) => sandboxName.test(name));
  await Promise.all(left.map((name) => rm(join(root, name), { recursive: true, force: true })));
  return { [Symbol.dispose]: () => lock?.release() };
}

function lockRoot(root: string) {
  try {
    return takeLock(join(root, '~server'), { sessionId: 'sandbox-server', create: true, self: thisProcess() });
  } catch (error) {
    if (!isSageError(error, 'session-busy')) throw error;
    const message = `"${root}" belongs to another sandbox server, ${error.facts.owner}. Give each server a root of its own.`;
    throw new SageError('invalid-argument', message, { option: 'root', given: root });
  }
}
