import { SageError } from '../errors.ts';
import { argumentNames } from './argument-names.ts';
import { leastOutputLimitBytes } from './limit-result.ts';
import type { ShellArguments } from './tool.ts';

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

/** @throws {SageError} `invalid-argument` for a name that is none of an argument: nothing could be looked into. */
export function checkShell(name: string, shell: ShellArguments | undefined, jsonSchema: unknown): void {
  if (shell === undefined) return;
  const known = argumentNames(jsonSchema);
  for (const key of ['command', 'folder', 'environment'] as const) {
    const given = shell[key];
    if (given === undefined ? key !== 'command' : known.includes(given)) continue;
    throw refused(name, `shell.${key}`, given, `the name of an argument, which are: ${known.join(', ') || 'none'}`);
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
