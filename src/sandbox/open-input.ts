import { openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A descriptor from which a command reads `data`; to be closed once the command has its own.
 *
 * It is a file without a name: unlike a pipe it needs nobody who writes on, and unlike Node's sockets `/dev/stdin` opens it.
 */
export async function openInput(data: string | Uint8Array): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sagents-input-'));
  try {
    const path = join(folder, 'input');
    // The folder is ours alone; the command, which may run as somebody else, opens what it holds by its descriptor.
    await writeFile(path, data, { mode: 0o644 });
    return openSync(path, 'r');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
