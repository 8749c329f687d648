import { SageError } from '../errors.ts';
import type { Content, Metadata } from '../messages/message.ts';
import type { PermissionMode } from '../tools/permission/permission.ts';
import { answerAnywhere } from './confirmation/answer-anywhere.ts';
import type { ConfirmationAnswer } from './confirmation/answer-confirmation.ts';
import { checkAnswer } from './confirmation/confirmations.ts';
import { editGuidance, ownedElsewhere, queueGuidance } from './edit-guidance.ts';
import { liveRunOf, type FoundSession } from './find-session.ts';
import { interruptElsewhere } from './interrupt-elsewhere.ts';
import { modeEntry, mustBeMode } from './confirmation/judge-calls.ts';
import { editAtRest } from './open-journal.ts';
import { isChild } from './children/refuse-child.ts';
import type { Run } from './run.ts';
import { SessionReader } from './session-reader.ts';

/**
 * What a host can ask of sessions, and do to them, live or at rest, and to children by their own ids. With a tenant, the sessions
 * of others are as unknown as those that do not exist.
 */
export class SessionHelpers extends SessionReader {
  /**
   * Adds a user message to a live run: the model sees it at its next call. It takes its place at once; the promise resolves to
   * its id when it is durable. Under an id that is pending it replaces the content; under one that was consumed it does nothing.
   *
   * @throws {SageError} `session-not-live`, `guidance-queue-full`, `invalid-argument` for content that says nothing.
   */
  async injectUserMessage(
    sessionId: string,
    content: Content,
    { guidanceId, metadata = {} }: { readonly guidanceId?: string; readonly metadata?: Metadata } = {},
  ): Promise<string> {
    const id = guidanceId ?? this.house.sessions.createId();
    const run = liveRunOf(this.house, sessionId);
    if (run !== undefined && !run.isOpen) await run.begun;
    if (!run?.isOpen || !run.body.isAccepting(sessionId) || !this.mayKnow(run.body.journal.state))
      throw await this.#notLive(sessionId);
    // Nothing is waited for in between: it has its place when the call returns.
    await queueGuidance(run.body.journal, sessionId, { id, content, metadata });
    return id;
  }

  /** False when it is not pending: unknown, or consumed. @throws {SageError} `invalid-argument`, `session-not-live`. */
  async updatePendingUserInjection(sessionId: string, guidanceId: string, content: Content): Promise<boolean> {
    return editGuidance(
      this.house,
      () => this.find(sessionId),
      (guidance) => guidance.update(guidanceId, content),
    );
  }

  /** False when it is not pending: unknown, or consumed. @throws {SageError} `session-not-live`. */
  async deletePendingUserInjection(sessionId: string, guidanceId: string): Promise<boolean> {
    return editGuidance(
      this.house,
      () => this.find(sessionId),
      (guidance) => guidance.delete(guidanceId),
    );
  }

  /**
   * Stops the session's run, in whatever process, and resolves when it has ended. False when none is running. `reason` is
   * stored with the run's end, and told to the tools that are stopped. A child is stopped alone, with those that work for it.
   */
  async interruptSession(sessionId: string, reason?: string): Promise<boolean> {
    const found = await this.find(sessionId);
    if (found === undefined) return false;
    const { run, rootId } = found;
    if (run !== undefined && rootId !== sessionId) return run.body.stopChild(sessionId, reason);
    if (run !== undefined) return stop(run, reason);
    if ((await this.#ownerElsewhere(found)) === undefined) return false;
    return interruptElsewhere(this.house.sessions.store, found, reason);
  }

  /**
   * Answers a call that waits, in whatever process its run is, or at rest; resolves when the answer is durable. It starts nothing:
   * a run that was suspended is continued with `inputMessages: []`.
   *
   * @throws {SageError} `confirmation-refused` for one that is unknown, answered, expired, or of another digest.
   */
  async answerConfirmation(sessionId: string, confirmationId: string, answer: ConfirmationAnswer): Promise<void> {
    const checked = checkAnswer(answer);
    await answerAnywhere(this.house, () => this.find(sessionId), { sessionId, id: confirmationId, answer: checked });
  }

  /**
   * Sets the permission mode of a run and its children, from their next call on: of one that runs here, or waits for a person.
   *
   * @throws {SageError} `session-not-live` for a session without such a run, `invalid-argument`.
   */
  async setPermissionMode(sessionId: string, mode: PermissionMode): Promise<void> {
    mustBeMode(mode);
    const found = await this.#findRoot(sessionId);
    const isWaiting = found?.session.lastRun?.ended?.status === 'waiting';
    if (found?.run?.isOpen === true) {
      const { journal } = found.run.body;
      journal.append([modeEntry(mode)]);
      await journal.sync();
    } else if (isWaiting) {
      await editAtRest(this.house.sessions, sessionId, async (journal) => {
        journal.append([modeEntry(mode)]);
        await journal.sync();
      });
    } else throw await this.#notLive(sessionId);
  }

  /** Stops what runs and lets go of memory, sandbox and lock; the files stay. False if unknown. @throws {SageError} for a child. */
  async cleanupSession(sessionId: string): Promise<boolean> {
    const found = await this.#findRoot(sessionId);
    if (found === undefined) return false;
    if (found.run !== undefined) await stop(found.run);
    this.house.sessions.cache.forget(sessionId);
    return true;
  }

  /**
   * Stops what runs and deletes everything stored, of its children too. False if unknown.
   *
   * @throws {SageError} `session-busy` where it runs elsewhere, `invalid-argument` for a child.
   */
  async deleteSession(sessionId: string): Promise<boolean> {
    const found = await this.#findRoot(sessionId);
    if (found === undefined || !(await this.cleanupSession(sessionId))) return false;
    return this.house.sessions.store.delete(sessionId, [...found.tree.named]);
  }

  /** Makes all that is stored survive a loss of power. False if unknown. */
  async saveSession(sessionId: string): Promise<boolean> {
    const found = await this.find(sessionId);
    if (found === undefined) return false;
    const { run } = found;
    if (run?.isOpen) await (run.body.isClosing ? run.outcome.catch(() => {}) : run.body.journal.sync());
    return true;
  }

  async #findRoot(sessionId: string): Promise<FoundSession | undefined> {
    const found = await this.find(sessionId);
    if (found !== undefined && found.rootId !== sessionId) throw isChild(sessionId, found.rootId);
    return found;
  }

  async #ownerElsewhere({ rootId }: FoundSession): Promise<string | undefined> {
    const owner = await this.house.sessions.store.owner(rootId);
    return owner.state === 'live' && this.house.live.get(rootId) === undefined ? owner.owner : undefined;
  }

  async #notLive(sessionId: string): Promise<SageError> {
    const found = await this.find(sessionId);
    const owner = found === undefined ? undefined : await this.#ownerElsewhere(found);
    if (owner !== undefined) return ownedElsewhere(sessionId, owner);
    const next =
      found === undefined || found.rootId === sessionId
        ? 'Send a message with runStream.'
        : `It works for others: only they can give it another task. Guide session "${found.rootId}", or send a message there.`;
    const message = `Session "${sessionId}" is not running, so it cannot be guided. ${next}`;
    return new SageError('session-not-live', message, { sessionId });
  }
}

async function stop(run: Run, note?: string): Promise<boolean> {
  run.stop('interrupted', note);
  await run.outcome;
  return true;
}
