import type { CallToDecide } from '../../agents/permit.ts';
import type { Entry } from '../../session/entry.ts';
import type { Session } from '../../session/session.ts';
import { digestOf, digestOfChecked } from './digest.ts';
import { grantFor } from './grants.ts';

export interface QuestionToStore extends CallToDecide {
  readonly reason: string;
  /** See `shownArguments`. */
  readonly shownArgs: unknown;
  /** In Unix seconds. */
  readonly expires_at: number;
}

/** That a call waits for a person, and what readers are shown of it. */
export function requestEntries(
  { id: session_id, createId }: Session,
  { call, tool, args, reason, shownArgs, expires_at }: QuestionToStore,
): Entry[] {
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
    // Readers get their own: the other is what is run.
    metadata: { confirmation: structuredClone(shown) },
  } as const;
  return [
    { type: 'confirmation_requested', ...shown, checked_digest: digestOfChecked(args), grant: grantFor(tool) },
    { type: 'message', message },
  ];
}
