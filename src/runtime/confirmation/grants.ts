import type { Entry } from '../../session/entry.ts';
import type { SessionState } from '../../session/session-state.ts';
import type { Tool } from '../../tools/tool.ts';
import { digestOf } from './digest.ts';

const stateKey = 'permission_grants';
/** Ends what is said to a tool that has a shell run its arguments. */
const ofCommands = '/commands';

/** What `allow-session` is said to: the tool as it is now. One that is described otherwise later is asked about again. */
export function grantFor({ name, description, inputSchema, shell }: Tool): string {
  const tool = `${name}@${digestOf([description, inputSchema.jsonSchema]).slice(0, 16)}`;
  return shell === undefined ? tool : `${tool}${ofCommands}`;
}

/** What it lets pass of that tool: a command as it was run and no other, and any call of a tool that runs none. */
export function grantOf(grant: string, args: unknown): string {
  return grant.endsWith(ofCommands) || isCommand(args) ? `${grant}:${digestOf(args)}` : grant;
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

function isCommand(args: unknown): boolean {
  return typeof args === 'object' && args !== null && 'command' in args && typeof args.command === 'string';
}
