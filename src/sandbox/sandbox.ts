export const sandboxTypes = ['local', 'remote', 'passthrough'] as const;

/** Where tools that need a sandbox run: confined on this machine, on another one, or on the host as it is. */
export type SandboxType = (typeof sandboxTypes)[number];

export interface ExecOptions {
  /** Working directory, absolute or relative to the workspace. Default: the workspace. */
  readonly cwd?: string;
  /** Variables added to the built environment; nothing is inherited from this process but what the sandbox names. */
  readonly env?: Readonly<Record<string, string>>;
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

/** How a command ended: its exit code, or the signal that ended it. */
export interface ExecResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface FileInfo {
  /** The path the agent would use to reach it. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'other';
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/**
 * A place where commands run and files live. All modes behave alike to the agent: the same paths, the same errors.
 *
 * Relative paths start at `workspace`. File operations refuse a path outside it, and throw `SageError('sandbox-error')`
 * with the path in its facts for whatever the agent can mend: a missing file, a directory where a file was meant.
 * After `close` every member throws `sandbox-closed`.
 */
export interface Sandbox extends AsyncDisposable {
  readonly type: SandboxType;
  /** Absolute, as the agent sees it. */
  readonly workspace: string;
  /** Runs a shell command and yields its output. Closing the generator early kills the command. */
  exec(command: string, options?: ExecOptions): AsyncGenerator<OutputPiece, ExecResult>;
  readFile(path: string): Promise<Uint8Array>;
  /** Creates missing parent folders. `overwrite` (the default) replaces the file in one step. */
  writeFile(
    path: string,
    data: string | Uint8Array,
    options?: { readonly mode?: 'overwrite' | 'append' },
  ): Promise<void>;
  /** The entries of a folder, sorted by name. */
  list(path: string): Promise<readonly FileInfo[]>;
  stat(path: string): Promise<FileInfo>;
  /** Kills what still runs. May be called twice. */
  close(): Promise<void>;
}
