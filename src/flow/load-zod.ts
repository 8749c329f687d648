import { createRequire } from 'node:module';
import type * as zod from 'zod';

let loaded: typeof zod | undefined;

/** zod takes longer to load than all of sagents, and only a host with a flow of its own needs it here: at once, not later. */
export function loadZod(): typeof zod {
  loaded ??= createRequire(import.meta.url)('zod') as typeof zod;
  return loaded;
}
