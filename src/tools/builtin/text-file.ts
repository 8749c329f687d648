import { SageError } from '../../errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** A larger file is not loaded at all: the shell reads parts of it better. */
const largestFileBytes = 32 * 1024 * 1024;

/**
 * The whole text of a UTF-8 file, a byte order mark included: written back it is the same file.
 *
 * @throws {SageError} `tool-error` for a file that is too large or no text; `sandbox-error` for one that cannot be read.
 */
export async function readTextFile(sandbox: Sandbox, path: string, tool: string): Promise<string> {
  const { size } = await sandbox.stat(path);
  if (size > largestFileBytes) {
    const advice = 'Read a part of it with execute_shell_command, such as sed -n "1,100p", or search it with grep.';
    const message = `"${path}" has ${size} bytes; ${tool} reads files up to ${largestFileBytes}. ${advice}`;
    throw new SageError('tool-error', message, { tool });
  }
  return decode(await sandbox.readFile(path), path, tool);
}

function decode(bytes: Uint8Array, path: string, tool: string): string {
  try {
    // A NUL is valid UTF-8, and a sign of a binary file all the same.
    if (!bytes.includes(0)) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Not UTF-8: the same answer as for a NUL.
  }
  const advice = 'Look at it with execute_shell_command: file tells what it is, iconv converts text, xxd shows bytes.';
  throw new SageError('tool-error', `"${path}" is not UTF-8 text. ${advice}`, { tool });
}
