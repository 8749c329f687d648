import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { SageError, messageOf } from '../errors.ts';
import { codeOf } from './file-error.ts';
import { openInput } from './open-input.ts';
import type { Pipes, PipeSource } from './pipes.ts';

/** What to start. Nothing is inherited: `env` is the whole environment. */
export interface CommandSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Default: nothing to read. */
  readonly stdin?: string | Uint8Array | undefined;
  /** Whom it runs as; only root may choose. Default: as this process. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Whether it gets descriptor 3 to report on. Default `'none'`. */
  readonly report?: 'none' | 'fd-3';
  /** Whether it gets descriptor 5, where it reports, and waits for a byte on it. Default `'none'`. */
  readonly gate?: 'none' | 'fd-5';
  /** What it can read at descriptor 4, where it reports. Default: nothing. */
  readonly options?: string;
}

type StdioList = Exclude<StdioOptions, string>;

/** A command that has started: the leader of the process group `pid`. Whoever reads its pipes closes them. */
export interface Command extends Pick<Pipes, 'stdout' | 'stderr'> {
  readonly process: ChildProcess;
  readonly pid: number;
  /** What it wrote to descriptor 3 up to now. */
  reported(): string;
  /** Resolves with the next it writes there, or when it will write no more. */
  reportedMore(): Promise<void>;
  /** Whether it will write no more there. */
  hasReported(): boolean;
  /** Lets it go on that waits at its gate. */
  openGate(): void;
}

/**
 * Starts a command as the leader of a new process group.
 *
 * @throws {SageError} `sandbox-error` when the system will not start it.
 */
export async function startCommand(spec: CommandSpec, source: PipeSource): Promise<Command> {
  let pipes: Pipes | undefined;
  const inputs: number[] = [];
  const openOne = async (data: string | Uint8Array): Promise<number> => {
    const descriptor = await openInput(data);
    inputs.push(descriptor);
    return descriptor;
  };
  try {
    pipes = await source.take();
    const stdin = spec.stdin === undefined ? ('ignore' as const) : await openOne(spec.stdin);
    const options = spec.options === undefined ? ('ignore' as const) : await openOne(spec.options);
    const child: ChildProcess = spawn(spec.file, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: toStdio(spec, [stdin, ...pipes.writers], options),
      ...spec.user,
    });
    if (child.pid === undefined) throw (await once(child, 'error'))[0];
    const { stdout, stderr } = pipes;
    return { process: child, pid: child.pid, stdout, stderr, ...readReport(child), openGate: () => openGate(child) };
  } catch (cause) {
    pipes?.stdout.destroy();
    pipes?.stderr.destroy();
    const why =
      codeOf(cause) === 'E2BIG'
        ? 'it is longer than the system allows. Write it to a file, and run that'
        : messageOf(cause);
    throw new SageError('sandbox-error', `The command could not be started: ${why}.`, {}, { cause });
  } finally {
    pipes?.closeWriters();
    inputs.forEach((descriptor) => closeSync(descriptor));
  }
}

function toStdio({ report, gate }: CommandSpec, standard: StdioList, options: number | 'ignore'): StdioList {
  if (report !== 'fd-3') return standard;
  return [...standard, 'pipe', options, gate === 'fd-5' ? 'pipe' : 'ignore'];
}

function readReport({ stdio }: ChildProcess): Pick<Command, 'reported' | 'reportedMore' | 'hasReported'> {
  const pipe = stdio[3] as Readable | null | undefined;
  let text = '';
  pipe?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  pipe?.on('error', () => {});
  const hasReported = () => !pipe || pipe.readableEnded || pipe.destroyed;
  return {
    reported: () => text,
    reportedMore: () =>
      new Promise((resolve) => {
        if (!pipe || hasReported()) return resolve();
        for (const event of ['data', 'end', 'close']) pipe.once(event, () => resolve());
      }),
    hasReported,
  };
}

function openGate({ stdio }: ChildProcess): void {
  // The types know five of them.
  const gate = (stdio as readonly unknown[])[5] as Writable | null | undefined;
  // Whoever was killed meanwhile does not read it.
  gate?.on('error', () => {}).end('\n');
}
