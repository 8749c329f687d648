import { SageError } from '../../errors.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** `$${`, or `${` and what stands up to its end, if it has one. */
const opening = /\$\$\{|\$\{(?:([^}]*)\})?/g;
const variable = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * A text of the config with its `${NAME}` and `${NAME:-default}` filled in, and `$${` as `${`. `path` says where it stands; what
 * came from variables is added to `used`.
 *
 * @throws {SageError} `invalid-argument` for a variable that is not set, and for any other `${`, which other hosts may fill in. The
 * text itself is not told: it may be a secret.
 */
export function fillIn(text: string, path: string, variables: Variables, used: Set<string>): string {
  return text.replaceAll(opening, (found: string, inner: string | undefined) => {
    if (found === '$${') return '${';
    const [, name, fallback] = variable.exec(inner ?? '') ?? [];
    if (name === undefined) throw notUnderstood(path);
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined) used.add(value);
    if (value !== undefined || fallback !== undefined) return value ?? fallback ?? '';
    const message = `${path} needs the variable ${name}, which is not set. Set it, or write \${${name}:-default}.`;
    throw new SageError('invalid-argument', message, { option: path, allowed: `a value for ${name}` });
  });
}

function notUnderstood(path: string): SageError {
  const allowed = '${NAME} and ${NAME:-default}, where a name is letters, digits and "_"; $${ for ${ itself';
  const message = `${path} has a \${ that cannot be filled in. Allowed: ${allowed}.`;
  return new SageError('invalid-argument', message, { option: path, allowed });
}
