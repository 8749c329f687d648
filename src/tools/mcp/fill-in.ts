import { SageError } from '../../errors.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * A text of the config with its `${NAME}` and `${NAME:-default}` filled in. `path` says where it stands; what came from variables
 * is added to `used`.
 *
 * @throws {SageError} `invalid-argument` for a variable that is not set. The text itself is not told: it may be a secret.
 */
export function fillIn(text: string, path: string, variables: Variables, used: Set<string>): string {
  return text.replaceAll(placeholder, (_, name: string, fallback: string | undefined) => {
    const value = variables[name];
    if (value !== undefined) used.add(value);
    if (value !== undefined || fallback !== undefined) return value ?? fallback ?? '';
    const message = `${path} needs the variable ${name}, which is not set. Set it, or write \${${name}:-default}.`;
    throw new SageError('invalid-argument', message, { option: path, allowed: `a value for ${name}` });
  });
}
