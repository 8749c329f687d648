import { createRequire } from 'node:module';
import type * as validator from '@cfworker/json-schema';

let loaded: typeof validator | undefined;

/** Loaded by the first call that is checked, and by a schema with references, which it resolves at once. */
export function loadValidator(): typeof validator {
  loaded ??= createRequire(import.meta.url)('@cfworker/json-schema') as typeof validator;
  return loaded;
}
