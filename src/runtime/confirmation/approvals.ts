import type { CallToDecide, Permit } from '../../agents/permit.ts';
import { closingEntries, type Confirmation } from '../../session/confirmations.ts';
import { isSageError } from '../../errors.ts';
import type { CallKey, Entry } from '../../session/entry.ts';
import type { Journal } from '../../session/journal.ts';
import type { OpenCalls } from '../../session/open-calls.ts';
import type { Session } from '../../session/session.ts';
import type { SessionState } from '../../session/session-state.ts';
import type { Asked, Decision, Question } from '../../tools/confirmation.ts';
import type { DecidedInput } from '../../tools/prepare-call.ts';
import { isAnswered } from './answered-calls.ts';
import { answerEntries, type ConfirmationAnswer } from './answer-confirmation.ts';
import { decidedInput, isAllowed, isAsShown } from './decided-input.ts';
import { digestOf } from './digest.ts';
import { addGrant, grantFor, grantOf, isGranted } from './grants.ts';
import { askedAnew, cannotBeShown, isNeverTheSame, mostTimesAsked, nobodyAnswers, refusalOf } from './refusals.ts';
import { requestEntries, type QuestionToStore } from './request-confirmation.ts';
import { shownArguments } from './shown-arguments.ts';
import { WaitingCalls } from './waiting-calls.ts';

/** What a run does with a call that needs a person. */
export type WhenApprovalNeeded = 'deny' | 'wait' | 'suspend';

/** How long a question stands, in milliseconds. */
const standsMs = { wait: 30 * 60_000, suspend: 7 * 24 * 60 * 60_000 };

export interface ApprovalsDeps {
  readonly journal: Journal;
  readonly createId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly whenNeeded: WhenApprovalNeeded;
  /** What rules and hooks say of a call. */
  readonly judge: (use: Pick<CallToDecide, 'tool' | 'args'>, sessionId: string) => Promise<Decision>;
}

/** Decides on the calls of a run and its children, and has people asked where it is not to decide alone. */
export class Approvals implements Permit {
  readonly #deps: ApprovalsDeps;
  readonly #waiting = new WaitingCalls();

  constructor(deps: ApprovalsDeps) {
    this.#deps = deps;
  }

  /** What a person has said of a call counts, but never against a denial. */
  async decide(
    session: Session,
    asked: CallToDecide,
    tighten: (decision: Decision) => Promise<Decision> = async (decision) => decision,
  ): Promise<Decision> {
    const { call, tool, args } = asked;
    const ruled = await this.#deps.judge(asked, session.id);
    const verdict = ruled.type === 'deny' ? ruled : await tighten(ruled);
    if (verdict.type === 'deny') return verdict;
    const known = session.confirmations.of(call);
    if (known !== undefined) return this.#decided(session, asked, known, verdict);
    if (tool.question !== undefined) return { type: 'ask', reason: tool.question(args) };
    return verdict.type === 'ask' && this.#isGranted(grantOf(grantFor(tool), args)) ? { type: 'allow' } : verdict;
  }

  async refuses({ id }: Pick<Session, 'id'>, use: Pick<CallToDecide, 'tool' | 'args'>): Promise<boolean> {
    return (await this.#deps.judge(use, id)).type === 'deny';
  }

  decidedInput({ confirmations }: Session, call: CallKey): DecidedInput | undefined {
    return decidedInput(confirmations, call);
  }

  async *ask(session: Session, asked: CallToDecide & Question, signal: AbortSignal): AsyncGenerator<void, Asked> {
    const { whenNeeded, now } = this.#deps;
    const known = session.confirmations.of(asked.call);
    if (whenNeeded === 'deny') {
      // An earlier attempt has asked: that is not to be answered any more.
      if (known !== undefined) this.#close(session, known.confirmation_id, 'dropped');
      return nobodyAnswers(asked);
    }
    if (known === undefined || known.confirmation_id === asked.instead) {
      const shownArgs = await shownArguments(asked);
      signal.throwIfAborted();
      const end = this.#request(session, { ...asked, shownArgs }, standsMs[whenNeeded]);
      if (end !== undefined) return end;
      yield;
      await session.sync();
    }
    const { confirmation_id, closed, expires_at } = mustBeAsked(session, asked.call);
    // Who reads it may have answered at once.
    if (closed !== undefined) return { type: 'answered' };
    const leftMs = expires_at * 1000 - now();
    const onExpired = () => this.#close(session, confirmation_id, 'expired');
    if (leftMs <= 0) onExpired();
    else if (whenNeeded === 'suspend') return { type: 'suspended' };
    else await this.#waiting.wait(confirmation_id, { leftMs, onExpired, signal });
    // The word on it is there to be shown.
    yield;
    return { type: 'answered' };
  }

  hasAnswerTo({ id }: Session, open: OpenCalls): boolean {
    const { journal } = this.#deps;
    const session = journal.state.session(id);
    return session !== undefined && isAnswered(journal.state, session, open);
  }

  /** Stores what a person says. @throws {SageError} `confirmation-refused`. */
  async answer(session: SessionState, id: string, answer: ConfirmationAnswer): Promise<void> {
    const { journal, now, createId } = this.#deps;
    try {
      journal.append(answerEntries(session, { id, answer, now: now(), createId }));
      await journal.sync();
    } catch (error) {
      // What cannot be stored any more is not waited for either.
      if (!isSageError(error, 'confirmation-refused')) this.#waiting.failed(id, error);
      throw error;
    }
    this.#waiting.answered(id);
  }

  /** Puts a question to people, unless there is nothing to show or a no has come meanwhile. */
  #request(session: Session, asked: Omit<QuestionToStore, 'expires_at'>, forMs: number): Asked | undefined {
    const { closed, confirmation_id: earlier } = session.confirmations.of(asked.call) ?? {};
    if (closed !== undefined && !isAllowed(closed)) return { type: 'answered' };
    const dropped = earlier === undefined ? [] : this.#closing(session, earlier, 'dropped');
    const isShown = asked.shownArgs !== undefined;
    const expires_at = (this.#deps.now() + forMs) / 1000;
    // In one record: after a crash there is the new question, or still the old one.
    session.append([...dropped, ...(isShown ? requestEntries(session, { ...asked, expires_at }) : [])]);
    return isShown ? undefined : cannotBeShown(asked);
  }

  /** What was said of a call counts for what was shown of it: where that would not be what is run, somebody is asked anew. */
  async #decided(session: Session, asked: CallToDecide, known: Confirmation, verdict: Decision): Promise<Decision> {
    const { confirmations } = session;
    const { closed, confirmation_id, kind, grant, reason } = known;
    const { call, tool, input, args } = asked;
    if (closed !== undefined && !isAllowed(closed)) return refusalOf(closed, tool);
    const decided = decidedInput(confirmations, call);
    // Somebody has changed it while rules and hooks were asked: it is prepared anew.
    if (decided !== undefined && digestOf(decided.input) !== digestOf(input)) return { type: 'ask', reason };
    if (!(await isAsShown(known, asked))) {
      if (confirmations.about(call).length < mostTimesAsked)
        return { type: 'ask', reason: askedAnew(asked, verdict), instead: confirmation_id };
      this.#close(session, confirmation_id, 'dropped');
      return isNeverTheSame(tool);
    }
    if (closed === undefined) return { type: 'ask', reason };
    if (closed.decision === 'allow-session' && kind === 'approval') this.#grant(grantOf(grant, args));
    return { type: 'allow', ...(closed.answer === undefined ? {} : { answer: closed.answer }) };
  }

  #isGranted(grant: string): boolean {
    return isGranted(this.#deps.journal.state.root, grant);
  }

  #grant(grant: string): void {
    const { journal } = this.#deps;
    if (!this.#isGranted(grant)) journal.append([addGrant(journal.state.root, grant)]);
  }

  #close(session: Session, id: string, decision: 'expired' | 'dropped'): void {
    const entries = this.#closing(session, id, decision);
    if (entries.length > 0) session.append(entries);
  }

  /** Nobody has answered, and nobody is to any more. */
  #closing(session: Session, id: string, decision: 'expired' | 'dropped'): Entry[] {
    if (session.confirmations.find(id)?.closed !== undefined) return [];
    return closingEntries({ type: 'confirmation_closed', confirmation_id: id, decision }, this.#deps.createId);
  }
}

function mustBeAsked({ confirmations }: Session, call: CallKey): Confirmation {
  const confirmation = confirmations.of(call);
  if (confirmation === undefined) throw new Error('A confirmation that was stored is not there.');
  return confirmation;
}
