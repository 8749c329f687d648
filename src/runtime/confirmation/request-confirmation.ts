import type { CallToDecide } from '../../agents/permit.ts';
import type { Entry } from '../../session/entry.ts';
import type { Session } from '../../session/session.ts';
import { digestOf, toJson } from './digest.ts';
import { grantFor } from './grants.ts';

/** That a call waits for a person, and what readers are shown of it. `expires_at` in Unix seconds. */
export function requestEntries(
  { id: session_id, createId }: Session,
  { call, tool, args, reason }: CallToDecide & { readonly reason: string },
  expires_at: number,
): Entry[] {
  const shownArgs = toJson(args);
  const shown = {
    confirmation_id: createId(),
    call,
    kind: tool.question === undefined ? 'approval' : 'question',
    tool: tool.name,
    arguments: shownArgs,
    digest: digestOf({ session_id, call, tool: tool.name, arguments: shownArgs }),
    reason,
    expires_at,
  } as const;
  const message = {
    role: 'assistant',
    message_id: createId(),
    content: reason,
    message_type: 'confirmation',
    metadata: { confirmation: shown },
  } as const;
  return [
    { type: 'confirmation_requested', ...shown, grant: grantFor(tool) },
    { type: 'message', message },
  ];
}
