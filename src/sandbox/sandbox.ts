import type { BackgroundCommand, BackgroundOptions } from './background.ts';
import type { GrepOptions, GrepResult } from './grep.ts';

export const sandboxTypes = ['local', 'remote', 'passthrough'] as const;

/** Where tools that need a sandbox run: confined on this machine, on another one, or on the host as it is. */
export type SandboxType = (typeof sandboxTypes)[number];

export interface ExecOptions {
  /** Working directory, absolute or relative to the workspace. Default: the workspace. */
  readonly cwd?: string;
  /** Variables added to the built environment; nothing is inherited from this process but what the sandbox names. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads as its standard input. Default: nothing, it finds the end at once. */
  readonly stdin?: string | Uint8Array;
  /** After which the command is killed with everything it started. Default: never. */
  readonly timeoutMs?: number;
  /**
   * Aborting it kills the command with everything it started; `exec` then returns how that ended it. Aborted before the
   * start, nothing is started, and `exec` throws its reason.
   */
  readonly signal?: AbortSignal;
  /** From SIGTERM to SIGKILL. Default 2,000. */
  readonly graceMs?: number;
}

/** Output as it appears: UTF-8 text, split at arbitrary points, never inside a character. */
export interface OutputPiece {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What ended a command: itself, whoever stopped it, or a limit it went over. */
export type EndedBy = 'exit' | 'abort' | 'close' | 'timeout' | 'output-limit' | 'memory-limit' | 'disk-limit';

/** How a command ended. When it ended, everything it had started has ended too. */
export interface ExecResult {
  /** 0–255, as a shell tells it: 128 and more is a signal's number added to 128, such as 143 for SIGTERM. */
  readonly exitCode: number;
  readonly endedBy: EndedBy;
}

export interface FileInfo {
  /** The path the agent would use to reach it. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'other';
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A folder of the host, or of the sandbox server where it is remote, that is there besides the workspace. */
export interface VolumeMount {
  /** Absolute. It must exist. */
  readonly hostPath: string;
  /** Where the agent finds it, absolute. */
  readonly mountPath: string;
  /** Default false. */
  readonly readOnly?: boolean;
}

export interface GlobOptions {
  /** Where to begin. Default: the workspace. */
  readonly path?: string;
  /** Files to return at most. Default 200. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface GlobResult {
  /** The newest first. */
  readonly files: readonly FileInfo[];
  /** Whether there are more than were returned, or more than were looked at. */
  readonly truncated: boolean;
}

/**
 * A place where commands run and files live. All modes behave alike to the agent: the same paths, the same errors.
 *
 * Relative paths start at `workspace`. File operations refuse a path outside it and its mounts, and throw
 * `SageError('sandbox-error')` with the path in its facts for whatever the agent can mend: a missing file, a directory
 * where a file was meant, a mount that is read-only. After `close` every member throws `sandbox-closed`.
 */
export interface Sandbox extends AsyncDisposable {
  readonly type: SandboxType;
  /** Absolute, as the agent sees it. */
  readonly workspace: string;
  /** What is there besides the workspace. */
  readonly mounts: readonly VolumeMount[];

  /** Runs a shell command and yields its output. Closing the generator early kills the command. */
  exec(command: string, options?: ExecOptions): AsyncGenerator<OutputPiece, ExecResult>;
  /** Starts a command that runs on by itself, until it ends, is killed, or the sandbox closes. */
  spawn(command: string, options?: BackgroundOptions): Promise<BackgroundCommand>;
  /** The commands `spawn` started here, the oldest first, those that ended too. */
  backgroundCommands(): readonly BackgroundCommand[];

  readFile(path: string): Promise<Uint8Array>;
  /** Creates missing parent folders. `overwrite` (the default) replaces the file in one step. */
  writeFile(
    path: string,
    data: string | Uint8Array,
    options?: { readonly mode?: 'overwrite' | 'append' },
  ): Promise<void>;
  /** The entries of a folder, sorted by name. */
  list(path: string): Promise<readonly FileInfo[]>;
  /** Of what a link leads to. */
  stat(path: string): Promise<FileInfo>;
  /** Gives a file, folder or link another name. Missing parent folders are made; what stands at `to` is not replaced. */
  move(from: string, to: string): Promise<void>;
  /** Deletes a file, a folder with all in it, or a link, not its target. The workspace and mounts themselves are refused. */
  remove(path: string): Promise<void>;
  /** Files whose path below `path` fits the pattern: `*`, `**`, `?`, `[…]`, `{a,b}`. Links are not followed. */
  glob(pattern: string, options?: GlobOptions): Promise<GlobResult>;
  /** Lines that match a regular expression. */
  grep(pattern: string, options?: GrepOptions): Promise<GrepResult>;

  /** Kills what still runs. May be called twice. */
  close(): Promise<void>;
}
