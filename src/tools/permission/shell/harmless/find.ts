import type { Field } from '../field.ts';
import { harmOfUnseen } from './reader.ts';

/** Actions that delete, write or run something. */
const acting = /^-(delete|exec(dir)?|ok(dir)?|f(print(0|f)?|ls)|files0-from)$/;

export function harmOfFind(args: readonly Field[]): string | undefined {
  const found = args.find((arg) => acting.test(arg));
  return found === undefined ? harmOfUnseen(args) : `with ${found}`;
}
