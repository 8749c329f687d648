import { SageError } from '../../errors.ts';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function mustBeOneOf(option: string, given: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(given as string)) throw invalid(option, given, allowed.map((one) => `'${one}'`).join(', '));
}

export function mustBeCount(option: string, given: unknown): void {
  if (!Number.isInteger(given) || (given as number) < 1) throw invalid(option, given, 'a whole number from 1');
}

export function mustBeText(option: string, given: unknown, shown: unknown = given): void {
  if (given !== undefined && (typeof given !== 'string' || given === ''))
    throw invalid(option, shown, 'a string that is not empty');
}

export function mustBeBoolean(option: string, given: unknown): void {
  if (given !== undefined && typeof given !== 'boolean') throw invalid(option, given, 'true or false');
}

export function invalid(option: string, given: unknown, allowed: string): SageError {
  const shown =
    typeof given === 'string'
      ? `"${given}"`
      : given === undefined
        ? 'nothing'
        : String(JSON.stringify(given) ?? typeof given);
  const brief = shown.length > 120 ? `${shown.slice(0, 120)}…` : shown;
  return new SageError('invalid-argument', `${option} cannot be ${brief}. Allowed: ${allowed}.`, {
    option,
    given,
    allowed,
  });
}

/** An option nobody knows. Its value stays out of the error: it may be a secret under a wrong name. */
export function unknownOption(option: string, known: readonly string[]): SageError {
  const allowed = known.join(', ');
  return new SageError('invalid-argument', `${option} is no option. Known: ${allowed}.`, { option, allowed });
}

/** `prefix` is where the options stand: `limits.`. */
export function refuseUnknown(options: object, known: readonly string[], prefix: string): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownOption(`${prefix}${unknown}`, known);
}
