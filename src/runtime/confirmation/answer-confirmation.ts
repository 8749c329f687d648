import { SageError } from '../../errors.ts';
import { closingEntries, type Confirmation } from '../../session/confirmations.ts';
import type { ConfirmationClosed, ConfirmationDecision, Entry } from '../../session/entry.ts';
import { ownedBy } from '../../session/own-entries.ts';
import type { SessionState } from '../../session/session-state.ts';
import { digestOf } from './digest.ts';

/** What a person says to a call that waits for them. */
export interface ConfirmationAnswer {
  /** `allow-session` lets the same pass from now on in this session and its children: see `docs/permissions.md`. */
  readonly decision: ConfirmationDecision;
  /** That of the confirmation. Given, it must be the same: nobody can have answered something else than they were shown. */
  readonly digest?: string;
  /** What is to be run instead. Checked as the model's arguments are. */
  readonly arguments?: unknown;
  /** To a question: what `ask_user` gives back. */
  readonly answer?: unknown;
  /** Who answers, as the host names people. */
  readonly by: string;
}

/**
 * The entries of an answer, to be stored by whoever has the journal.
 *
 * @throws {SageError} `confirmation-refused`.
 */
export function answerEntries(
  session: SessionState,
  { id, answer, now, createId }: { id: string; answer: ConfirmationAnswer; now: number; createId: () => string },
): Entry[] {
  const confirmation = mustBeAnswerable(session, id, answer, now);
  const { decision, by, arguments: changed } = answer;
  const { call, tool } = confirmation;
  const closed: ConfirmationClosed = {
    type: 'confirmation_closed',
    confirmation_id: id,
    decision,
    ...(changed === undefined
      ? {}
      : {
          arguments: changed,
          digest: digestOf({ session_id: session.sessionId, call, tool, arguments: changed }),
        }),
    ...(answer.answer === undefined ? {} : { answer: answer.answer }),
    by,
  };
  const entries = closingEntries(closed, createId);
  return session.parent === undefined ? entries : entries.map((entry) => ownedBy(session.sessionId, entry));
}

function mustBeAnswerable(
  { sessionId, confirmations }: SessionState,
  id: string,
  { digest, answer, arguments: changed, decision }: ConfirmationAnswer,
  now: number,
): Confirmation {
  const confirmation = confirmations.find(id);
  const refuse = (why: Why) => refused(sessionId, id, why);
  if (confirmation === undefined) throw refuse('unknown');
  if (confirmation.closed !== undefined)
    throw refuse(confirmation.closed.decision === 'expired' ? 'expired' : 'answered');
  if (now / 1000 >= confirmation.expires_at) throw refuse('expired');
  if (digest !== undefined && digest !== confirmation.digest) throw refuse('digest');
  const isQuestion = confirmation.kind === 'question';
  const fits = isQuestion
    ? changed === undefined && (decision === 'deny' || answer !== undefined)
    : answer === undefined;
  if (!fits) throw refuse('kind');
  return confirmation;
}

type Why = 'unknown' | 'answered' | 'expired' | 'digest' | 'kind';

const reasons: Readonly<Record<Why, string>> = {
  unknown: 'nobody is asked under that id; listPendingConfirmations names those that are',
  answered: 'it has been answered or dropped already',
  expired: 'it has expired, and its call was not run',
  digest: 'the digest is that of another call; show the person this one',
  kind: 'a question is answered with `answer`, an approval with a decision and, if need be, `arguments`',
};

export function refused(sessionId: string, confirmationId: string, why: Why): SageError {
  const message = `Confirmation "${confirmationId}" of session "${sessionId}" cannot be answered so: ${reasons[why]}.`;
  return new SageError('confirmation-refused', message, { sessionId, confirmationId, why });
}
