import type { Field } from '../field.ts';

/** Actions that delete, write or run something. */
const acting = /^-(delete|exec(dir)?|ok(dir)?|f(print(0|f)?|ls)|files0-from)$/;

export function harmOfFind(args: readonly Field[]): string | undefined {
  const found = args.find((arg) => acting.test(arg));
  if (found !== undefined) return `with ${found}`;
  // In the place of a file's name may stand an action.
  return args.some((arg) => /^[\uE000-\uE007]/.test(arg)) ? 'with what could be an action' : undefined;
}
