import { realpath } from 'node:fs/promises';
import { ensureDir } from 'fs-extra/esm';
import { SageError } from '../../errors.ts';
import { confinePath } from '../confine-path.ts';
import { toFileError } from '../file-error.ts';
import { Processes } from '../processes.ts';
import type { ExecOptions, ExecResult, FileInfo, OutputPiece, Sandbox } from '../sandbox.ts';
import { createWorkspaceFiles, type WorkspaceFiles } from '../workspace-files.ts';
import { buildEnvironment } from './environment.ts';

export interface PassthroughOptions {
  /** Created if missing. A relative one starts at the current directory of this process. */
  readonly workspace: string;
  /** Variables for every command. Of this process's own only a short list of harmless ones is passed on. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Opens the host as it is, for people who chose it.
 *
 * File operations keep to the workspace and commands start in it without this process's secrets in their environment, but
 * nothing confines a command: it may do all that this process's user may. Whoever opens it closes it.
 *
 * @throws {SageError} `sandbox-error` when the workspace cannot be made or is no folder.
 */
export async function openPassthroughSandbox({ workspace, env = {} }: PassthroughOptions): Promise<Sandbox> {
  try {
    await ensureDir(workspace);
    return new PassthroughSandbox(await realpath(workspace), buildEnvironment(process.env, env));
  } catch (error) {
    throw toFileError(error, workspace);
  }
}

class PassthroughSandbox implements Sandbox {
  readonly type = 'passthrough';
  readonly workspace: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #files: WorkspaceFiles;
  readonly #processes = new Processes();
  #closing: Promise<void> | undefined;

  constructor(workspace: string, env: Readonly<Record<string, string>>) {
    this.workspace = workspace;
    this.#env = env;
    this.#files = createWorkspaceFiles(workspace);
  }

  async *exec(command: string, options: ExecOptions = {}): AsyncGenerator<OutputPiece, ExecResult> {
    const { cwd = '.', env, signal, graceMs } = options;
    this.#checkOpen();
    const folder = await this.#folder(cwd);
    this.#checkOpen();
    const spec = { file: '/bin/sh', args: ['-c', command], cwd: folder, env: { ...this.#env, ...env } };
    return yield* this.#processes.run(spec, { signal, graceMs });
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.#checkOpen();
    return await this.#files.readFile(path);
  }

  async writeFile(path: string, data: string | Uint8Array, options?: { mode?: 'overwrite' | 'append' }): Promise<void> {
    this.#checkOpen();
    await this.#files.writeFile(path, data, options);
  }

  async list(path: string): Promise<readonly FileInfo[]> {
    this.#checkOpen();
    return await this.#files.list(path);
  }

  async stat(path: string): Promise<FileInfo> {
    this.#checkOpen();
    return await this.#files.stat(path);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#processes.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A missing one would make the start of the shell fail as if there were no shell. */
  async #folder(cwd: string): Promise<string> {
    const { type } = await this.#files.stat(cwd);
    if (type === 'directory') return await confinePath(this.workspace, cwd);
    throw new SageError('sandbox-error', `"${cwd}" is not a folder. Give a folder as working directory.`, {
      path: cwd,
    });
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new SageError('sandbox-closed', 'The sandbox has been closed. Open another one.', {});
  }
}
