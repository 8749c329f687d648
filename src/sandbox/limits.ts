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

const GiB = 1024 ** 3;

export const defaultLimits: SandboxLimits = {
  memoryBytes: 4 * GiB,
  processes: 512,
  cpuSeconds: 600,
  fileBytes: 2 * GiB,
  diskBytes: 16 * GiB,
  outputBytes: 4 * GiB,
};

/** @throws {SageError} `sandbox-unavailable` that names the limits which are not hard. */
export function requireHardLimits(strengths: LimitStrengths, sandboxType: string): void {
  const soft = Object.entries(strengths).filter(([, strength]) => strength !== 'hard');
  if (soft.length === 0) return;
  const told = soft.map(([name, strength]) => `${name} (${strength})`).join(', ');
  const message = `The ${sandboxType} sandbox is not available with requireLimits 'hard': not hard are ${told}. Run as root where cgroups can be written, leave requireLimits out, or use sandboxType 'remote'.`;
  throw new SageError('sandbox-unavailable', message, { sandboxType });
}
