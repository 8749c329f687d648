import { SageError } from '../errors.ts';
import { leastOutputLimitBytes } from './limit-result.ts';

interface Checked {
  readonly name: string;
  readonly timeoutMs?: number;
  readonly outputLimitBytes?: number;
  readonly concurrency?: number;
}

/** @throws {SageError} `invalid-argument`, naming the option, what was given and what is allowed. */
export function checkToolOptions({ name, timeoutMs, outputLimitBytes, concurrency }: Checked): void {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    const allowed = 'letters, digits, "_" and "-", 1 to 64 of them';
    throw new SageError('invalid-argument', `A tool cannot be named ${JSON.stringify(name)}. Allowed: ${allowed}.`, {
      option: 'name',
      given: name,
      allowed,
    });
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw refused(name, 'timeoutMs', timeoutMs, 'milliseconds above 0, or Infinity');
  }
  if (outputLimitBytes !== undefined && !isIntegerFrom(leastOutputLimitBytes, outputLimitBytes)) {
    throw refused(name, 'outputLimitBytes', outputLimitBytes, `an integer from ${leastOutputLimitBytes}`);
  }
  if (concurrency !== undefined && !isIntegerFrom(1, concurrency)) {
    throw refused(name, 'concurrency', concurrency, 'an integer from 1');
  }
}

function isIntegerFrom(least: number, value: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function refused(tool: string, option: string, given: unknown, allowed: string): SageError {
  return new SageError(
    'invalid-argument',
    `${option} of tool "${tool}" cannot be ${String(given)}. Allowed: ${allowed}.`,
    {
      option,
      given,
      allowed,
    },
  );
}
