import { SageError } from '../errors.ts';
import type { BackgroundCommand, BackgroundOptions } from './background.ts';
import { BackgroundCommands, backgroundOutputBytes } from './background-commands.ts';
import { toGlobRegExp } from './glob-pattern.ts';
import { grepFiles } from './grep-files.ts';
import type { GrepOptions, GrepResult } from './grep.ts';
import type { Processes, RunOptions } from './processes.ts';
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
import type { CommandSpec } from './start-command.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/** What makes one kind of sandbox different from another, where commands are processes of this machine. */
export interface ProcessSandboxParts {
  readonly type: SandboxType;
  readonly workspace: string;
  readonly mounts: readonly VolumeMount[];
  readonly files: WorkspaceFiles;
  readonly processes: Processes;
  /** Of one command: it is killed when it writes more. */
  readonly outputBytes: number;
  /** `cwd` is absolute, as the agent sees it, and a folder. */
  toSpec(command: string, options: { readonly cwd: string } & Pick<ExecOptions, 'env' | 'stdin'>): Promise<CommandSpec>;
  /** Called for each command that has begun, before its first piece; what it returns is called when the command is over. */
  watch?(): () => void;
  /** Releases what was opened for it, once no command runs. */
  release?(): Promise<void>;
}

/** A sandbox whose commands are processes of this machine, and whose files are reached through `files`. */
export class ProcessSandbox implements Sandbox {
  readonly type: SandboxType;
  readonly workspace: string;
  readonly mounts: readonly VolumeMount[];
  readonly #parts: ProcessSandboxParts;
  readonly #background: BackgroundCommands;
  #closing: Promise<void> | undefined;

  constructor(parts: ProcessSandboxParts) {
    this.type = parts.type;
    this.workspace = parts.workspace;
    this.mounts = parts.mounts;
    this.#parts = parts;
    const outputBytes = Math.min(parts.outputBytes, backgroundOutputBytes);
    this.#background = new BackgroundCommands({
      exec: (command, options, onStarted) => this.#exec(command, options, { outputBytes, onStarted }),
    });
  }

  exec(command: string, options: ExecOptions = {}): AsyncGenerator<OutputPiece, ExecResult> {
    return this.#exec(command, options, { outputBytes: this.#parts.outputBytes });
  }

  async spawn(command: string, options: BackgroundOptions = {}): Promise<BackgroundCommand> {
    this.#checkOpen();
    await this.#folder(options.cwd);
    this.#checkOpen();
    return await this.#background.spawn(command, options);
  }

  backgroundCommands(): readonly BackgroundCommand[] {
    this.#checkOpen();
    return this.#background.list();
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.#checkOpen();
    return await this.#parts.files.readFile(path);
  }

  async writeFile(path: string, data: string | Uint8Array, options?: { mode?: 'overwrite' | 'append' }): Promise<void> {
    this.#checkOpen();
    await this.#parts.files.writeFile(path, data, options);
  }

  async list(path: string): Promise<readonly FileInfo[]> {
    this.#checkOpen();
    return await this.#parts.files.list(path);
  }

  async stat(path: string): Promise<FileInfo> {
    this.#checkOpen();
    return await this.#parts.files.stat(path);
  }

  async move(from: string, to: string): Promise<void> {
    this.#checkOpen();
    await this.#parts.files.move(from, to);
  }

  async remove(path: string): Promise<void> {
    this.#checkOpen();
    await this.#parts.files.remove(path);
  }

  async glob(pattern: string, { path = '.', limit = 200, signal }: GlobOptions = {}): Promise<GlobResult> {
    this.#checkOpen();
    signal?.throwIfAborted();
    return await this.#parts.files.glob(toGlobRegExp(pattern), { path, limit });
  }

  async grep(pattern: string, options: GrepOptions = {}): Promise<GrepResult> {
    this.#checkOpen();
    // A missing path, and one outside, are the caller's mistake, told as for every other file operation.
    if (options.path !== undefined) await this.#parts.files.stat(options.path);
    return await grepFiles(this, pattern, options);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async *#exec(
    command: string,
    { cwd, env, stdin, signal, timeoutMs, graceMs }: ExecOptions,
    more: Pick<RunOptions, 'outputBytes' | 'onStarted'>,
  ): AsyncGenerator<OutputPiece, ExecResult> {
    this.#checkOpen();
    signal?.throwIfAborted();
    const folder = await this.#folder(cwd);
    const spec = await this.#parts.toSpec(command, {
      cwd: folder,
      ...(env === undefined ? {} : { env }),
      ...(stdin === undefined ? {} : { stdin }),
    });
    this.#checkOpen();
    const unwatch = this.#parts.watch?.();
    try {
      const limits = { graceMs, ...more, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
      return yield* this.#parts.processes.run(spec, { ...limits, ...(signal === undefined ? {} : { signal }) });
    } finally {
      unwatch?.();
    }
  }

  async #close(): Promise<void> {
    await this.#parts.processes.close();
    await this.#background.close();
    await this.#parts.release?.();
  }

  /** A missing one would make the start of the shell fail as if there were no shell. */
  async #folder(cwd: string | undefined): Promise<string> {
    if (cwd === undefined) return this.workspace;
    const { type, path } = await this.#parts.files.stat(cwd);
    if (type === 'directory') return path;
    throw new SageError('sandbox-error', `"${cwd}" is not a folder. Give a folder as working directory.`, {
      path: cwd,
    });
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new SageError('sandbox-closed', 'The sandbox has been closed. Open another one.', {});
  }
}
