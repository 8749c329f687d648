import type { Confirmation } from '../../session/confirmations.ts';
import type { ConfirmationAnswer } from './answer-confirmation.ts';
import { isRecord, invalid, mustBeOneOf, refuseUnknown } from '../options/check-values.ts';
import type { FoundSession } from '../find-session.ts';

/** A call that waits for a person. */
export interface PendingConfirmation extends Omit<Confirmation, 'closed' | 'grant' | 'checked_digest'> {
  /** Whose call it is: the session's, or that of a child. */
  readonly session_id: string;
}

/** Copies of those of a root and all below it, or of a child. `now` in milliseconds. */
export function pendingIn({ tree, session }: FoundSession, now: number): PendingConfirmation[] {
  const sessions = session === tree.root ? [session, ...tree.children] : [session];
  return sessions.flatMap(({ sessionId, confirmations }) =>
    confirmations
      .pending()
      .filter(({ expires_at }) => now / 1000 < expires_at)
      .map(({ grant: _grant, closed: _closed, checked_digest: _checked, ...shown }) =>
        structuredClone({ session_id: sessionId, ...shown }),
      ),
  );
}

/** An answer as it can be stored. @throws {SageError} `invalid-argument`. */
export function checkAnswer(answer: unknown): ConfirmationAnswer {
  if (!isRecord(answer)) throw invalid('answer', typeof answer, 'an object with decision and by');
  refuseUnknown(answer, ['decision', 'digest', 'arguments', 'answer', 'by'], 'answer.');
  mustBeOneOf('answer.decision', answer['decision'], ['allow-once', 'allow-session', 'deny']);
  const { by, digest } = answer;
  if (typeof by !== 'string' || by === '') throw invalid('answer.by', by, 'who answers');
  if (digest !== undefined && typeof digest !== 'string') throw invalid('answer.digest', digest, 'a string');
  const json = (['arguments', 'answer'] as const).flatMap((name) =>
    answer[name] === undefined ? [] : [[name, copyOfJson(`answer.${name}`, answer[name])] as const],
  );
  return { ...(answer as unknown as ConfirmationAnswer), ...Object.fromEntries(json) };
}

function copyOfJson(option: string, value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    throw invalid(option, typeof value, 'JSON');
  }
}
