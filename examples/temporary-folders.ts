import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A place for the sessions and one for the tools, both gone when the scope that holds them ends. */
export async function temporaryFolders() {
  const root = await mkdtemp(join(tmpdir(), 'sagents-example-'));
  // As root, commands that are confined run as another user, who must be let through.
  await chmod(root, 0o755);
  return {
    root,
    sessions: join(root, 'sessions'),
    workspace: join(root, 'workspace'),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
