import type { ExecOptions, ExecResult } from './sandbox.ts';

export interface BackgroundOptions extends Pick<ExecOptions, 'cwd' | 'env' | 'stdin' | 'timeoutMs' | 'graceMs'> {}

/** Output from an offset on. */
export interface OutputRange {
  /** Whole characters; standard output and standard error in the order in which they appeared. */
  readonly text: string;
  /** Where to go on reading, in bytes. */
  readonly nextOffset: number;
}

export interface FollowOutputOptions {
  /** Bytes. Default 0: from its start. */
  readonly offset?: number;
  /** Default: until it ends. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface WaitOptions {
  /** Default: until it ends. */
  readonly timeoutMs?: number;
  /** Also resolves when its output matches: looked for from the start, within 64 KiB at a time. */
  readonly pattern?: RegExp;
  readonly signal?: AbortSignal;
}

/** A command that runs by itself. It belongs to the sandbox that started it, and ends with it. */
export interface BackgroundCommand {
  /** `shtask_` and 12 hex digits. */
  readonly id: string;
  readonly command: string;
  readonly startedAt: Date;
  /** How it ended; `undefined` while it runs. */
  readonly result: ExecResult | undefined;
  /** Whether whoever asked for it has been told how it ended. */
  readonly isAcknowledged: boolean;
  acknowledge(): void;
  /** Of output so far. */
  readonly totalBytes: number;
  /** Output from `offset` (bytes, default 0), at most `maxBytes` (default 1 MiB). */
  read(offset?: number, maxBytes?: number): Promise<OutputRange>;
  /** Yields its output as it appears. Ends with the command, or when the time is up. @throws the reason of `signal`. */
  follow(options?: FollowOutputOptions): AsyncGenerator<string, 'ended' | 'timeout'>;
  /** Resolves when it has ended, its output matches, or the time is up. @throws the reason of `signal`. */
  wait(options?: WaitOptions): Promise<'ended' | 'matched' | 'timeout'>;
  /** Ends it with everything it started: SIGTERM, then SIGKILL after the grace time. Resolves when it is gone. */
  kill(): Promise<ExecResult>;
}
