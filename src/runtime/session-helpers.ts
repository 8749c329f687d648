import { SageError } from '../errors.ts';
import { isVisible } from '../messages/visibility.ts';
import type { Content, Message, MessageChunk, Metadata } from '../messages/message.ts';
import type { PendingGuidance } from '../session/guidance-queue.ts';
import type { JournalState } from '../session/journal-state.ts';
import { statusOf, type SessionStatus } from '../session/status.ts';
import { mustBeSessionId } from './check-options.ts';
import { readTasks, type TodoTask } from '../tools/builtin/todo.ts';
import type { ConfirmationAnswer } from './answer-confirmation.ts';
import { answerAnywhere } from './answer-anywhere.ts';
import { checkAnswer, pendingIn, type PendingConfirmation } from './confirmations.ts';
import { editGuidance, ownedElsewhere, queueGuidance } from './edit-guidance.ts';
import { findSession, liveRunOf, wordsOf, type FoundSession, type House } from './find-session.ts';
import { followSession, type FollowOptions } from './follow-session.ts';
import { interruptElsewhere } from './interrupt-elsewhere.ts';
import { editAtRest } from './open-journal.ts';
import type { PermissionMode } from '../tools/permission/permission.ts';
import { readTrace, toTrace, type RunTrace } from './read-trace.ts';
import { modeEntry, mustBeMode } from './judge-calls.ts';
import { childrenOf, type ChildSession } from './list-children.ts';
import { isChild } from './refuse-child.ts';
import type { Run } from './run.ts';
import { notFound } from './start-run.ts';

export interface ActiveSession {
  readonly sessionId: string;
  readonly runId: string;
  readonly status: 'running';
}

/**
 * What a host can ask of sessions, live or at rest, and of children by their own ids. With a tenant, the sessions of others are as
 * unknown as those that do not exist.
 */
export class SessionHelpers {
  readonly #house: House;
  readonly #tenantId: string | undefined;

  constructor(house: House, tenantId?: string) {
    this.#house = house;
    this.#tenantId = tenantId;
  }

  /** `undefined` for an unknown session. A run whose process died reads `interrupted`. */
  async getSessionStatus(sessionId: string): Promise<SessionStatus | undefined> {
    const found = await this.#find(sessionId);
    if (found === undefined) return undefined;
    const { state: owner } = await this.#house.sessions.store.owner(found.rootId);
    return statusOf(found.session.lastRun, owner === 'live');
  }

  /** The sessions that are running in this agent. Their children are not listed. */
  listActiveSessions(): ActiveSession[] {
    return this.#house.live
      .list()
      .filter((run) => run.isOpen && this.#mayKnow(run.body.journal.state))
      .map(({ sessionId, runId }) => ({ sessionId, runId, status: 'running' }));
  }

  /** The messages as they stand, an unfinished one as far as it has come. Those hidden from clients only if asked for. */
  async getMessages(
    sessionId: string,
    { includeHidden = false }: { readonly includeHidden?: boolean } = {},
  ): Promise<Message[] | undefined> {
    const found = await this.#find(sessionId);
    if (found === undefined) return undefined;
    const messages = (await wordsOf(this.#house, found)).messages();
    return includeHidden ? messages : messages.filter(isVisible);
  }

  /** Who has worked for a session, and for them in turn, in the order they joined; `undefined` for an unknown session. */
  async listChildren(sessionId: string): Promise<ChildSession[] | undefined> {
    const found = await this.#find(sessionId);
    if (found === undefined) return undefined;
    const { state: owner } = await this.#house.sessions.store.owner(found.rootId);
    return childrenOf(found.tree, found.session, owner === 'live');
  }

  /** The tasks of the session's todo list, which `todo_write` keeps, in their order. */
  async getTasksStatus(sessionId: string): Promise<readonly TodoTask[] | undefined> {
    const found = await this.#find(sessionId);
    return found && readTasks((await wordsOf(this.#house, found)).state);
  }

  /** How a run went through its flow: the newest, or that of `runId`. `undefined` for an unknown session or run. */
  async getTrace(sessionId: string, runId?: string): Promise<RunTrace | undefined> {
    const found = await this.#find(sessionId);
    const last = found?.session.lastRun;
    if (found === undefined || last === undefined) return undefined;
    if (runId === undefined || runId === last.runId) return toTrace(last);
    return readTrace(this.#house.sessions.store, found, runId);
  }

  /** See `followSession`: of a child, its own chunks, for as long as its tree runs. @throws {SageError} `session-not-found`. */
  async *followSession(sessionId: string, options?: FollowOptions): AsyncGenerator<MessageChunk[], void> {
    const found = await this.#find(sessionId);
    if (found === undefined) throw notFound(sessionId);
    yield* followSession(this.#house.sessions.store, { rootId: found.rootId, sessionId }, options);
  }

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
    const id = guidanceId ?? this.#house.sessions.createId();
    const run = liveRunOf(this.#house, sessionId);
    if (run !== undefined && !run.isOpen) await run.begun;
    if (!run?.isOpen || !run.body.isAccepting(sessionId) || !this.#mayKnow(run.body.journal.state))
      throw await this.#notLive(sessionId);
    // Nothing is waited for in between: it has its place when the call returns.
    await queueGuidance(run.body.journal, sessionId, { id, content, metadata });
    return id;
  }

  /** Guidance no model call has taken yet, in order; also of a session at rest. */
  async listPendingUserInjections(sessionId: string): Promise<PendingGuidance[]> {
    return (await this.#find(sessionId))?.session.guidance.list() ?? [];
  }

  /** False when it is not pending: unknown, or consumed. @throws {SageError} `invalid-argument`, `session-not-live`. */
  async updatePendingUserInjection(sessionId: string, guidanceId: string, content: Content): Promise<boolean> {
    return editGuidance(
      this.#house,
      () => this.#find(sessionId),
      (guidance) => guidance.update(guidanceId, content),
    );
  }

  /** False when it is not pending: unknown, or consumed. @throws {SageError} `session-not-live`. */
  async deletePendingUserInjection(sessionId: string, guidanceId: string): Promise<boolean> {
    return editGuidance(
      this.#house,
      () => this.#find(sessionId),
      (guidance) => guidance.delete(guidanceId),
    );
  }

  /**
   * Stops the session's run, in whatever process, and resolves when it has ended. False when none is running. `reason` is
   * stored with the run's end, and told to the tools that are stopped. A child is stopped alone, with those that work for it.
   */
  async interruptSession(sessionId: string, reason?: string): Promise<boolean> {
    const found = await this.#find(sessionId);
    if (found === undefined) return false;
    const { run, rootId } = found;
    if (run !== undefined && rootId !== sessionId) return run.body.stopChild(sessionId, reason);
    if (run !== undefined) return stop(run, reason);
    if ((await this.#ownerElsewhere(found)) === undefined) return false;
    return interruptElsewhere(this.#house.sessions.store, found, reason);
  }

  /**
   * The calls that wait for a person: of a session and all below it, or of a child alone. Those whose time is up are not among
   * them.
   */
  async listPendingConfirmations(sessionId: string): Promise<PendingConfirmation[]> {
    const found = await this.#find(sessionId);
    return found === undefined ? [] : pendingIn(found, this.#house.sessions.clock());
  }

  /**
   * Answers a call that waits, in whatever process its run is, or at rest; resolves when the answer is durable. It starts nothing:
   * a run that was suspended is continued with `inputMessages: []`.
   *
   * @throws {SageError} `confirmation-refused` for one that is unknown, answered, expired, or of another digest.
   */
  async answerConfirmation(sessionId: string, confirmationId: string, answer: ConfirmationAnswer): Promise<void> {
    checkAnswer(answer);
    await answerAnywhere(this.#house, () => this.#find(sessionId), { sessionId, id: confirmationId, answer });
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
      await editAtRest(this.#house.sessions, sessionId, async (journal) => {
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
    this.#house.sessions.cache.forget(sessionId);
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
    return this.#house.sessions.store.delete(sessionId, [...found.tree.named]);
  }

  /** Makes all that is stored survive a loss of power. False if unknown. */
  async saveSession(sessionId: string): Promise<boolean> {
    const found = await this.#find(sessionId);
    if (found === undefined) return false;
    const { run } = found;
    if (run?.isOpen) await (run.body.isClosing ? run.outcome.catch(() => {}) : run.body.journal.sync());
    return true;
  }

  /** A session that this scope may know. */
  async #find(sessionId: string): Promise<FoundSession | undefined> {
    mustBeSessionId(sessionId);
    const found = await findSession(this.#house, sessionId);
    return found !== undefined && this.#mayKnow(found.tree) ? found : undefined;
  }

  async #findRoot(sessionId: string): Promise<FoundSession | undefined> {
    const found = await this.#find(sessionId);
    if (found !== undefined && found.rootId !== sessionId) throw isChild(sessionId, found.rootId);
    return found;
  }

  #mayKnow({ started }: JournalState): boolean {
    return this.#tenantId === undefined || started?.tenant_id === this.#tenantId;
  }

  async #ownerElsewhere({ rootId }: FoundSession): Promise<string | undefined> {
    const owner = await this.#house.sessions.store.owner(rootId);
    return owner.state === 'live' && this.#house.live.get(rootId) === undefined ? owner.owner : undefined;
  }

  async #notLive(sessionId: string): Promise<SageError> {
    const found = await this.#find(sessionId);
    const owner = found === undefined ? undefined : await this.#ownerElsewhere(found);
    if (owner !== undefined) return ownedElsewhere(sessionId, owner);
    const message = `Session "${sessionId}" is not running, so it cannot be guided. Send a message with runStream.`;
    return new SageError('session-not-live', message, { sessionId });
  }
}

async function stop(run: Run, note?: string): Promise<boolean> {
  run.stop('interrupted', note);
  await run.outcome;
  return true;
}
