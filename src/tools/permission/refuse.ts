import { SageError } from '../../errors.ts';

/** `place` is where in the permissions it stands: `rules[2].args.command`. */
export function refused(place: string, given: unknown, allowed: string): SageError {
  const option = place === '' ? 'permissions' : `permissions.${place}`;
  const shown = given === undefined ? 'nothing' : String(JSON.stringify(given) ?? typeof given);
  const brief = shown.length > 120 ? `${shown.slice(0, 120)}…` : shown;
  const message = `${option} cannot be ${brief}. Allowed: ${allowed}.`;
  return new SageError('invalid-argument', message, { option, given, allowed });
}

export function mustBeRecord(
  place: string,
  given: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  const allowed = `an object with ${known.join(', ')}`;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw refused(place, given, allowed);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refused(join(place, unknown), 'an option', `one of ${known.join(', ')}`);
  return { ...given };
}

export function mustBeList(place: string, given: unknown): readonly unknown[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw refused(place, given, 'a list');
  return [...(given as readonly unknown[])];
}

export function mustBeOneOf<Name extends string>(place: string, given: unknown, allowed: readonly Name[]): Name {
  const found = allowed.find((one) => one === given);
  if (found === undefined) throw refused(place, given, allowed.map((one) => `'${one}'`).join(', '));
  return found;
}

function join(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
