import { posix } from 'node:path';
import { SageError } from '../errors.ts';
import type { BackgroundCommand, BackgroundOptions } from './background.ts';
import { toFolderPath } from './folder-path.ts';
import { grepFiles } from './grep-files.ts';
import type { GrepOptions, GrepResult } from './grep.ts';
import { makeFolder } from './make-folder.ts';
import { toErrorAsGiven } from './path-as-given.ts';
import type {
  ExecOptions,
  ExecResult,
  FileInfo,
  GlobOptions,
  GlobResult,
  OutputPiece,
  Sandbox,
  SandboxType,
  VolumeMount,
} from './sandbox.ts';

/**
 * A folder of an open sandbox as a workspace of its own: relative paths and commands start there. It is no border:
 * absolute paths reach whatever the sandbox reaches. The folder is made at the first use.
 *
 * `close` ends what was started through it, whose end nobody is to be told any more, and leaves the sandbox open. It
 * waits for background commands; readers of `exec` find its end by themselves.
 */
export class FolderSandbox implements Sandbox {
  readonly type: SandboxType;
  readonly workspace: string;
  readonly mounts: readonly VolumeMount[];
  readonly #sandbox: Sandbox;
  readonly #commands = new Set<BackgroundCommand>();
  readonly #closing = new AbortController();
  #making: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /**
   * `folder` is relative to the workspace of `sandbox`.
   *
   * @throws {SageError} `invalid-argument` for one that is not below it.
   */
  constructor(sandbox: Sandbox, folder: string) {
    this.type = sandbox.type;
    this.workspace = posix.join(sandbox.workspace, toFolderPath(folder));
    this.mounts = sandbox.mounts;
    this.#sandbox = sandbox;
  }

  /** Whether `close` was called here; the sandbox behind may be closed all the same. */
  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async *exec(command: string, options: ExecOptions = {}): AsyncGenerator<OutputPiece, ExecResult> {
    const { cwd = '.', signal, ...rest } = options;
    this.#checkOpen();
    signal?.throwIfAborted();
    await this.#make();
    const closing = this.#closing.signal;
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing]);
    try {
      const result = yield* this.#sandbox.exec(command, { ...rest, cwd: this.#resolve(cwd), signal: stop });
      const wasClosed = result.endedBy === 'abort' && signal?.aborted !== true;
      return wasClosed ? { ...result, endedBy: 'close' } : result;
    } catch (error) {
      throw toErrorAsGiven(error, { given: cwd, absolute: this.#resolve(cwd) });
    }
  }

  async spawn(command: string, { cwd = '.', ...rest }: BackgroundOptions = {}): Promise<BackgroundCommand> {
    return await this.#at(cwd, async (folder) => {
      const started = await this.#sandbox.spawn(command, { ...rest, cwd: folder });
      this.#commands.add(started);
      if (this.isClosed) await end(started);
      this.#checkOpen();
      return started;
    });
  }

  backgroundCommands(): readonly BackgroundCommand[] {
    this.#checkOpen();
    return this.#sandbox.backgroundCommands().filter((command) => this.#commands.has(command));
  }

  async readFile(path: string): Promise<Uint8Array> {
    return await this.#at(path, (absolute) => this.#sandbox.readFile(absolute));
  }

  async writeFile(path: string, data: string | Uint8Array, options?: { mode?: 'overwrite' | 'append' }): Promise<void> {
    await this.#at(path, (absolute) => this.#sandbox.writeFile(absolute, data, options));
  }

  async list(path: string): Promise<readonly FileInfo[]> {
    return await this.#at(path, (absolute) => this.#sandbox.list(absolute));
  }

  async stat(path: string): Promise<FileInfo> {
    return await this.#at(path, (absolute) => this.#sandbox.stat(absolute));
  }

  async move(from: string, to: string): Promise<void> {
    await this.#at(from, (source) => this.#at(to, (target) => this.#sandbox.move(source, target)));
  }

  async remove(path: string): Promise<void> {
    await this.#at(path, (absolute) => this.#sandbox.remove(absolute));
  }

  async glob(pattern: string, { path = '.', ...rest }: GlobOptions = {}): Promise<GlobResult> {
    return await this.#at(path, (absolute) => this.#sandbox.glob(pattern, { ...rest, path: absolute }));
  }

  /** By a command that runs in the folder: patterns of files (`glob: 'src/*.ts'`) start where the program runs. */
  async grep(pattern: string, options: GrepOptions = {}): Promise<GrepResult> {
    this.#checkOpen();
    // The command would not be held back where it may read more than the file operations.
    if (options.path !== undefined) await this.stat(options.path);
    return await grepFiles(this, pattern, options);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#closing.abort(closedError());
    await Promise.all([...this.#commands].map(end));
  }

  async #at<Result>(path: string, use: (absolute: string) => Promise<Result>): Promise<Result> {
    this.#checkOpen();
    await this.#make();
    this.#checkOpen();
    const absolute = this.#resolve(path);
    return await use(absolute).catch((error: unknown) => {
      throw toErrorAsGiven(error, { given: path, absolute });
    });
  }

  #resolve(path: string): string {
    return posix.resolve(this.workspace, path);
  }

  /** Once, for all who wait for it; a failure is tried again by who comes next. */
  #make(): Promise<void> {
    return (this.#making ??= makeFolder(this.#sandbox, this.workspace).catch((error: unknown) => {
      this.#making = undefined;
      throw error;
    }));
  }

  #checkOpen(): void {
    if (this.isClosed) throw closedError();
  }
}

async function end(command: BackgroundCommand): Promise<void> {
  command.acknowledge();
  // One that failed has ended as well, and has thrown for whoever waited for it.
  await command.kill().catch(() => undefined);
}

function closedError(): SageError {
  return new SageError('sandbox-closed', 'The folder of this sandbox has been closed. Open another one.', {});
}
