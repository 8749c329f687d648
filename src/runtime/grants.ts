import type { Entry } from '../session/entry.ts';
import type { SessionState } from '../session/session-state.ts';
import type { Tool } from '../tools/tool.ts';
import { digestOf } from './digest.ts';

const stateKey = 'permission_grants';

/** What `allow-session` allows of a call: that command and no other, or any call of that tool as long as it is the same. */
export function grantFor({ name, description, inputSchema }: Tool, args: unknown): string {
  const definition = digestOf([description, inputSchema.jsonSchema]).slice(0, 16);
  const command = commandIn(args);
  return command === undefined ? `${name}@${definition}` : `${name}@${definition}:${digestOf(command)}`;
}

/** A root keeps them, for all its tree. */
export function isGranted(root: SessionState, grant: string): boolean {
  return grantsOf(root).includes(grant);
}

export function addGrant(root: SessionState, grant: string): Entry {
  return { type: 'state', key: stateKey, value: [...new Set([...grantsOf(root), grant])] };
}

function grantsOf({ ledger }: SessionState): readonly string[] {
  // Only `addGrant` writes it.
  return (ledger.state.get(stateKey) as readonly string[] | undefined) ?? [];
}

function commandIn(args: unknown): string | undefined {
  if (typeof args !== 'object' || args === null || !('command' in args)) return undefined;
  return typeof args.command === 'string' ? args.command : undefined;
}
