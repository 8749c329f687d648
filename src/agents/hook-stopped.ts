import type { NodeOutcome } from './agent.ts';
import type { HookEnd } from './hook-runner.ts';
import type { Stop } from './hooks.ts';

export type HookStopped = Extract<NodeOutcome, { type: 'stopped' | 'hook-stopped' }>;

/** What the run ends with, if a hook lets it go no further. */
export function stoppedBy(end: HookEnd<Stop>): HookStopped | undefined {
  switch (end.type) {
    case 'passed':
      return undefined;
    case 'said':
      return { type: 'hook-stopped', reason: end.result.reason };
    case 'failed':
      return { type: 'hook-stopped', reason: end.reason };
    case 'stopped':
      return { type: 'stopped' };
  }
}
