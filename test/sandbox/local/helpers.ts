import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { openLocalSandbox, type LocalOptions } from '../../../src/sandbox/local/local-sandbox.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { temporaryWorkspace } from '../helpers.ts';

/** A folder for one test through which every user passes. */
export async function temporaryRoot(): Promise<string> {
  const root = await temporaryWorkspace();
  await chmod(root, 0o755);
  return root;
}

/** A local sandbox on a workspace it makes itself; the test closes it. */
export async function openLocal(options: Partial<LocalOptions> = {}): Promise<Sandbox> {
  const root = options.root ?? (await temporaryRoot());
  return await openLocalSandbox({ root, workspace: join(root, 'workspace'), ...options });
}
