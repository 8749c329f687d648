import type { ChildLimits } from '../../agents/fibre/delegator.ts';
import { invalid, isRecord, mustBeCount, refuseUnknown } from './check-values.ts';
import type { RunLimits } from './run-options.ts';

const spending = ['maxTokens', 'maxToolCalls'] as const;

const childLimits: ChildLimits = {
  maxDepth: 4,
  maxChildrenPerCall: 16,
  maxChildrenPerTree: 64,
  maxChildrenAtOnce: 8,
};

/** The limits with their defaults. @throws {SageError} `invalid-argument`. */
export function checkLimits(limits: unknown = {}): RunLimits & ChildLimits {
  if (!isRecord(limits)) throw invalid('limits', limits, 'an object');
  const known = [...spending, ...Object.keys(childLimits)];
  refuseUnknown(limits, known, 'limits.');
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) mustBeCount(`limits.${name}`, value);
  return { ...childLimits, ...Object.fromEntries(given) };
}
