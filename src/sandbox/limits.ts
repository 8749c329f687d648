import { SageError } from '../errors.ts';

/** What the commands of a sandbox may use. Where they are confined; passthrough keeps to `outputBytes` only. */
export interface SandboxLimits {
  /** Of the commands of a sandbox together where the kernel keeps it, else of each with all it starts. Default 4 GiB. */
  readonly memoryBytes: number;
  /** Of a command at once, threads included. Default 512. */
  readonly processes: number;
  /** Of CPU, for each process. Default 600. */
  readonly cpuSeconds: number;
  /** Of one file. Default 2 GiB. */
  readonly fileBytes: number;
  /** Of the workspace and `/tmp` together, each file counted with at least 4 KiB. Default 16 GiB. */
  readonly diskBytes: number;
  /** Of what one command writes to its output. Default 4 GiB. */
  readonly outputBytes: number;
}

export type LimitName = keyof SandboxLimits;

/**
 * How well a limit holds: the kernel (or, for output, the reader) lets nothing over it; it holds for each process by itself;
 * it is looked at several times a second; or nothing keeps it.
 */
export type LimitStrength = 'hard' | 'per-process' | 'watched' | 'none';

export type LimitStrengths = Readonly<Record<LimitName, LimitStrength>>;

/** Where commands are confined by somebody else, or by nobody: what they write is read here all the same. */
export const onlyOutput: LimitStrengths = {
  memoryBytes: 'none',
  processes: 'none',
  cpuSeconds: 'none',
  fileBytes: 'none',
  diskBytes: 'none',
  outputBytes: 'hard',
};

const GiB = 1024 ** 3;

export const defaultLimits: SandboxLimits = {
  memoryBytes: 4 * GiB,
  processes: 512,
  cpuSeconds: 600,
  fileBytes: 2 * GiB,
  diskBytes: 16 * GiB,
  outputBytes: 4 * GiB,
};

/**
 * Asks for hard limits: of those the host has named, or of all if it has named none.
 *
 * @throws {SageError} `sandbox-unavailable` that names the limits which are not hard.
 */
export function requireHardLimits(
  strengths: LimitStrengths,
  limits: Partial<SandboxLimits>,
  sandboxType: string,
): void {
  const named = Object.keys(limits);
  const asked = Object.entries(strengths).filter(([name]) => named.length === 0 || named.includes(name));
  const soft = asked.filter(([, strength]) => strength !== 'hard');
  if (soft.length === 0) return;
  const told = soft.map(([name, strength]) => `${name} (${strength})`).join(', ');
  const message = `The ${sandboxType} sandbox is not available with requireLimits 'hard': not hard are ${told}. Name in limits only those that must be, run where control groups can be made, or leave requireLimits out.`;
  throw new SageError('sandbox-unavailable', message, { sandboxType });
}
