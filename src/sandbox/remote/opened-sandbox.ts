import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import { SageError } from '../../errors.ts';
import { BackgroundCommands, backgroundOutputBytes } from '../background-commands.ts';
import type { BackgroundCommand, BackgroundOptions } from '../background.ts';
import type { GrepOptions, GrepResult } from '../grep.ts';
import { grepFiles } from '../grep-files.ts';
import type {
  ExecOptions,
  ExecResult,
  FileInfo,
  GlobOptions,
  GlobResult,
  OutputPiece,
  Sandbox,
  VolumeMount,
} from '../sandbox.ts';
import type { Connection } from './connection.ts';
import { quote } from './file-scripts.ts';
import type { RemoteCommands } from './remote-commands.ts';
import type { RemoteFiles } from './remote-files.ts';
import type { RemoteCommand } from './running-command.ts';

/** A sandbox on a server; to be found again by its id. */
export interface RemoteSandbox extends Sandbox {
  readonly type: 'remote';
  readonly sandboxId: string;
}

export interface RemoteParts {
  readonly workspace: string;
  /** The workspace, links followed: where commands start. */
  readonly home: string;
  readonly mounts: readonly VolumeMount[];
  /** Variables for every command. */
  readonly env: Readonly<Record<string, string>>;
  readonly outputBytes: number;
  readonly connection: Connection;
  readonly commands: RemoteCommands;
  readonly files: RemoteFiles;
  readonly renewal: Disposable | undefined;
  /** `end` makes an end of it on the server, `leave` lets it run on. */
  readonly whenClosed: 'end' | 'leave';
}

/** Made by `openRemoteSandbox` out of parts that work already. */
export class OpenedSandbox implements RemoteSandbox {
  readonly type = 'remote';
  readonly #parts: RemoteParts;
  readonly #background: BackgroundCommands;
  #closing: Promise<void> | undefined;

  constructor(parts: RemoteParts) {
    this.#parts = parts;
    const outputBytes = Math.min(parts.outputBytes, backgroundOutputBytes);
    this.#background = new BackgroundCommands({
      exec: (command, options, onStarted) => this.#exec(command, options, { outputBytes, onStarted }),
    });
  }

  get sandboxId(): string {
    return this.#parts.connection.server.id;
  }

  get workspace(): string {
    return this.#parts.workspace;
  }

  get mounts(): readonly VolumeMount[] {
    return this.#parts.mounts;
  }

  exec(command: string, options: ExecOptions = {}): AsyncGenerator<OutputPiece, ExecResult> {
    return this.#exec(command, options, { outputBytes: this.#parts.outputBytes });
  }

  async *#exec(
    command: string,
    options: ExecOptions,
    more: Pick<RemoteCommand, 'outputBytes' | 'onStarted'>,
  ): AsyncGenerator<OutputPiece, ExecResult> {
    this.#checkOpen();
    const { cwd, env, stdin, ...rest } = options;
    rest.signal?.throwIfAborted();
    const folder = cwd === undefined ? this.#parts.home : await this.#parts.files.folder(cwd);
    const input = stdin === undefined || stdin.length === 0 ? undefined : await this.#putInput(stdin);
    this.#checkOpen();
    try {
      return yield* this.#parts.commands.run({
        ...rest,
        ...more,
        command: input === undefined ? toText(command) : readFrom(input, command),
        cwd: folder,
        env: { ...this.#parts.env, ...env },
      });
    } catch (error) {
      if (input !== undefined) await this.#parts.files.remove(input).catch(() => undefined);
      throw error;
    }
  }

  async spawn(command: string, options?: BackgroundOptions): Promise<BackgroundCommand> {
    this.#checkOpen();
    return await this.#background.spawn(command, options);
  }

  backgroundCommands(): readonly BackgroundCommand[] {
    this.#checkOpen();
    return this.#background.list();
  }

  async readFile(path: string): Promise<Uint8Array> {
    return await this.#files().readFile(path);
  }

  async writeFile(path: string, data: string | Uint8Array, options?: { mode?: 'overwrite' | 'append' }): Promise<void> {
    await this.#files().writeFile(path, data, options);
  }

  async list(path: string): Promise<readonly FileInfo[]> {
    return await this.#files().list(path);
  }

  async stat(path: string): Promise<FileInfo> {
    return await this.#files().stat(path);
  }

  async move(from: string, to: string): Promise<void> {
    await this.#files().move(from, to);
  }

  async remove(path: string): Promise<void> {
    await this.#files().remove(path);
  }

  async glob(pattern: string, options?: GlobOptions): Promise<GlobResult> {
    return await this.#files().glob(pattern, options);
  }

  async grep(pattern: string, options: GrepOptions = {}): Promise<GrepResult> {
    this.#checkOpen();
    if (options.path !== undefined) await this.#parts.files.stat(options.path);
    return await grepFiles(this, pattern, options);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** On a server that is gone there is nothing left to end; what it left behind ends with its time. */
  async #close(): Promise<void> {
    const { connection, commands, renewal, whenClosed } = this.#parts;
    renewal?.[Symbol.dispose]();
    await Promise.all([commands.close(), this.#background.close()]);
    if (whenClosed === 'end') await connection.server.kill().catch(() => undefined);
    connection.close();
  }

  /** Never by the environment, which has room for little, and which other processes can read. */
  async #putInput(stdin: string | Uint8Array): Promise<string> {
    const path = posix.join(this.#parts.workspace, `.sagents-${randomUUID()}.stdin`);
    await this.#parts.files.writeFile(path, stdin);
    return path;
  }

  #files(): RemoteFiles {
    this.#checkOpen();
    return this.#parts.files;
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new SageError('sandbox-closed', 'The sandbox has been closed. Open another one.', {});
  }
}

/** The protocol has no command without a word in it. */
function toText(command: string): string {
  return command.trim() === '' ? ':' : command;
}

/** The file is gone before the command begins; who has it open can read it to its end. */
function readFrom(input: string, command: string): string {
  return `exec < ${quote(input)} && rm -f ${quote(input)}\n${toText(command)}`;
}
