import type { Verdict } from './permission.ts';

/** What a model is told of a call that was refused, or that nobody allowed. */
export function describeDenial(tool: string, { reason }: Pick<Verdict, 'reason'>): string {
  return (
    `Tool "${tool}" was not run. ${reason} Do not try to reach the same in other words, with other arguments or by another ` +
    'tool: go on without it, or tell the user what you could not do.'
  );
}
