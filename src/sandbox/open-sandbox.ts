import { stat } from 'node:fs/promises';
import { platform } from 'node:process';
import { SageError } from '../errors.ts';
import type { Sandbox, SandboxType } from './sandbox.ts';

export interface OpenSandboxOptions {
  readonly type: SandboxType;
  /** A folder of this machine; created if missing. */
  readonly workspace: string;
  /** Variables for every command. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Opens a sandbox; whoever opens it closes it. No type ever stands in for another.
 *
 * @throws {SageError} `sandbox-unavailable` as `probeSandbox` does, `sandbox-error` when the opening itself fails.
 */
export async function openSandbox({ type, ...options }: OpenSandboxOptions): Promise<Sandbox> {
  await probeSandbox(type, options.workspace);
  // Loaded when it is opened: most programs use one sandbox, many use none.
  const { openPassthroughSandbox } = await import('./passthrough/passthrough-sandbox.ts');
  return await openPassthroughSandbox(options);
}

/**
 * Throws if such a sandbox cannot be opened; opens and makes nothing.
 *
 * @throws {SageError} `sandbox-unavailable`, with the reason and the ways out.
 */
export async function probeSandbox(type: SandboxType, workspace: string): Promise<void> {
  const reason = await whyUnavailable(type, workspace);
  if (reason === undefined) return;
  throw new SageError('sandbox-unavailable', `The ${type} sandbox is not available: ${reason}.`, { sandboxType: type });
}

async function whyUnavailable(type: SandboxType, workspace: string): Promise<string | undefined> {
  if (type !== 'passthrough') {
    return "it is not built yet. Use sandboxType 'passthrough' if the host itself is fine, or offer no tool that needs a sandbox";
  }
  if (platform === 'win32') return 'it needs a POSIX system. Use one, or offer no tool that needs a sandbox';
  const found = await stat(workspace).catch(() => undefined);
  if (found?.isDirectory() === false) return `the workspace "${workspace}" is a file. Give a folder, or one to be made`;
  return undefined;
}
