import { isSageError, messageOf } from '../../errors.ts';
import { createWorkspaceFiles, type WorkspaceFiles } from '../workspace-files.ts';
import type { FileAnswer, FileRequest, HelperSetup } from './helper-protocol.ts';

// The process inside a sandbox of its own that does the file operations. It sees the workspace and the mounts under the
// paths the agent uses, and nothing else of the host but programs: a link swapped at the worst moment leads nowhere.
// It imports builtin modules and its own siblings only: there are no packages where it runs.

const { workspace, mountPaths, user } = JSON.parse(process.argv[2] ?? '') as HelperSetup;
if (user !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(user.gid);
  process.setuid?.(user.uid);
}
process.umask(0o022);
const [first, ...rest] = [workspace, ...mountPaths].map((path) => ({ path, real: path }));
const files = createWorkspaceFiles([first as { path: string; real: string }, ...rest]);

process.on('message', (request: FileRequest) => void answer(request));
process.on('disconnect', () => process.exit());

async function answer({ id, operation, args }: FileRequest): Promise<void> {
  const run = files[operation] as (...given: readonly unknown[]) => ReturnType<WorkspaceFiles[typeof operation]>;
  const reply = await run(...args).then(
    (value): FileAnswer => ({ id, value }),
    (error: unknown): FileAnswer => ({ id, error: describe(error) }),
  );
  process.send?.(reply);
}

function describe(error: unknown): { message: string; path?: string } {
  const path = isSageError(error, 'sandbox-error') ? error.facts.path : undefined;
  return { message: messageOf(error), ...(path === undefined ? {} : { path }) };
}
