import { isSageError, SageError } from '../errors.ts';
import { isVisible } from '../messages/visibility.ts';
import type { Content, Message, MessageChunk, Metadata } from '../messages/message.ts';
import type { Entry } from '../session/entry.ts';
import type { GuidanceQueue, PendingGuidance } from '../session/guidance-queue.ts';
import type { JournalState } from '../session/journal-state.ts';
import { statusOf, type SessionStatus } from '../session/status.ts';
import { mustBeSessionId } from './check-options.ts';
import { readTasks, type TodoTask } from '../tools/builtin/todo.ts';
import { followSession, type FollowOptions } from './follow-session.ts';
import { interruptElsewhere } from './interrupt-elsewhere.ts';
import type { LiveSessions } from './live-sessions.ts';
import { editAtRest, type Sessions } from './open-journal.ts';
import { readTrace, toTrace, type RunTrace } from './read-trace.ts';
import type { Run } from './run.ts';
import { notFound } from './start-run.ts';

/** What an `SAgent` and its tenants' scopes share. */
export interface House {
  readonly sessions: Sessions;
  readonly live: LiveSessions;
}

export interface ActiveSession {
  readonly sessionId: string;
  readonly runId: string;
  readonly status: 'running';
}

/**
 * What a host can ask of sessions, live or at rest. With a tenant, the sessions of others are as unknown as those that do not
 * exist.
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
    const state = await this.#stateOf(sessionId);
    if (state === undefined) return undefined;
    const { state: owner } = await this.#house.sessions.store.owner(sessionId);
    return statusOf(state.lastRun, owner === 'live');
  }

  /** The sessions that are running in this agent. */
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
    const messages = (await this.#stateOf(sessionId))?.ledger.messages();
    return includeHidden ? messages : messages?.filter(isVisible);
  }

  /** The tasks of the session's todo list, which `todo_write` keeps, in their order. */
  async getTasksStatus(sessionId: string): Promise<readonly TodoTask[] | undefined> {
    const state = await this.#stateOf(sessionId);
    return state && readTasks(state.ledger.state);
  }

  /** How a run went through its flow: the newest, or that of `runId`. `undefined` for an unknown session or run. */
  async getTrace(sessionId: string, runId?: string): Promise<RunTrace | undefined> {
    const state = await this.#stateOf(sessionId);
    const last = state?.lastRun;
    if (last === undefined) return undefined;
    if (runId === undefined || runId === last.runId) return toTrace(last);
    return readTrace(this.#house.sessions.store, sessionId, runId);
  }

  /** See `followSession`. @throws {SageError} `session-not-found`. */
  async *followSession(sessionId: string, options?: FollowOptions): AsyncGenerator<MessageChunk[], void> {
    if ((await this.#stateOf(sessionId)) === undefined) throw notFound(sessionId);
    yield* followSession(this.#house.sessions.store, sessionId, options);
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
    const run = this.#house.live.get(sessionId);
    if (run !== undefined && !run.isOpen) await run.begun;
    if (!run?.isOpen || !run.body.isAccepting || !this.#mayKnow(run.body.journal.state))
      throw await this.#notLive(sessionId);
    const { journal } = run.body;
    journal.append(journal.state.ledger.guidance.queue(id, content, metadata));
    await journal.sync();
    return id;
  }

  /** Guidance no model call has taken yet, in order; also of a session at rest. */
  async listPendingUserInjections(sessionId: string): Promise<PendingGuidance[]> {
    return (await this.#stateOf(sessionId))?.ledger.guidance.list() ?? [];
  }

  /** False when it is not pending: unknown, or consumed. @throws {SageError} `invalid-argument`, `session-not-live`. */
  async updatePendingUserInjection(sessionId: string, guidanceId: string, content: Content): Promise<boolean> {
    return this.#editGuidance(sessionId, (guidance) => guidance.update(guidanceId, content));
  }

  /** False when it is not pending: unknown, or consumed. @throws {SageError} `session-not-live`. */
  async deletePendingUserInjection(sessionId: string, guidanceId: string): Promise<boolean> {
    return this.#editGuidance(sessionId, (guidance) => guidance.delete(guidanceId));
  }

  /**
   * Stops the session's run, in whatever process, and resolves when it has ended. False when none is running. `reason` is
   * stored with the run's end, and told to the tools that are stopped.
   */
  async interruptSession(sessionId: string, reason?: string): Promise<boolean> {
    const run = await this.#runOf(sessionId);
    if (run !== undefined) return stop(run, reason);
    if ((await this.#ownerElsewhere(sessionId)) === undefined) return false;
    return interruptElsewhere(this.#house.sessions.store, sessionId, reason);
  }

  /** Stops what runs and lets go of memory, sandbox and lock; the files stay. False if unknown. */
  async cleanupSession(sessionId: string): Promise<boolean> {
    if ((await this.#stateOf(sessionId)) === undefined) return false;
    const run = await this.#runOf(sessionId);
    if (run !== undefined) await stop(run);
    this.#house.sessions.cache.forget(sessionId);
    return true;
  }

  /** Stops what runs and deletes everything stored. False if unknown. @throws {SageError} `session-busy` elsewhere. */
  async deleteSession(sessionId: string): Promise<boolean> {
    return (await this.cleanupSession(sessionId)) && this.#house.sessions.store.delete(sessionId);
  }

  /** Makes all that is stored survive a loss of power. False if unknown. */
  async saveSession(sessionId: string): Promise<boolean> {
    if ((await this.#stateOf(sessionId)) === undefined) return false;
    const run = this.#house.live.get(sessionId);
    if (run?.isOpen) await (run.body.isClosing ? run.outcome.catch(() => {}) : run.body.journal.sync());
    return true;
  }

  async #editGuidance(sessionId: string, edit: (guidance: GuidanceQueue) => Entry | undefined): Promise<boolean> {
    const { live, sessions } = this.#house;
    for (;;) {
      const run = await this.#runOf(sessionId);
      if (run !== undefined && !run.body.isClosing) return applyEdit(run.body.journal, edit);
      await run?.outcome.catch(() => {});
      const state = await this.#stateOf(sessionId);
      // Checked before anything is opened: most often there is nothing to do.
      if (state === undefined || edit(state.ledger.guidance) === undefined) return false;
      if (live.get(sessionId) !== undefined) continue;
      try {
        return await editAtRest(sessions, sessionId, (journal) => applyEdit(journal, edit));
      } catch (error) {
        throw isSageError(error, 'session-busy')
          ? ownedElsewhere(sessionId, error.facts.owner ?? 'another process')
          : error;
      }
    }
  }

  /** The state of a session, live or at rest, that this scope may know. */
  async #stateOf(sessionId: string): Promise<JournalState | undefined> {
    mustBeSessionId(sessionId);
    const run = await this.#runOf(sessionId);
    const { cache, store } = this.#house.sessions;
    const state = run === undefined ? await cache.read(store, sessionId) : run.body.journal.state;
    return state !== undefined && this.#mayKnow(state) ? state : undefined;
  }

  /** The run of a session, once its journal is open. */
  async #runOf(sessionId: string): Promise<Run | undefined> {
    const run = this.#house.live.get(sessionId);
    if (run !== undefined && !run.isOpen) await run.begun;
    return run?.isOpen && this.#mayKnow(run.body.journal.state) ? run : undefined;
  }

  #mayKnow({ started }: JournalState): boolean {
    return this.#tenantId === undefined || started?.tenant_id === this.#tenantId;
  }

  async #ownerElsewhere(sessionId: string): Promise<string | undefined> {
    if ((await this.#stateOf(sessionId)) === undefined) return undefined;
    const owner = await this.#house.sessions.store.owner(sessionId);
    return owner.state === 'live' && this.#house.live.get(sessionId) === undefined ? owner.owner : undefined;
  }

  async #notLive(sessionId: string): Promise<SageError> {
    const owner = await this.#ownerElsewhere(sessionId);
    if (owner !== undefined) return ownedElsewhere(sessionId, owner);
    const message = `Session "${sessionId}" is not running, so it cannot be guided. Send a message with runStream.`;
    return new SageError('session-not-live', message, { sessionId });
  }
}

function ownedElsewhere(sessionId: string, owner: string): SageError {
  const message = `Session "${sessionId}" is run by ${owner}, not by this agent. Speak to it there.`;
  return new SageError('session-not-live', message, { sessionId, owner });
}

async function applyEdit(
  journal: Run['body']['journal'],
  edit: (guidance: GuidanceQueue) => Entry | undefined,
): Promise<boolean> {
  const entry = edit(journal.state.ledger.guidance);
  if (entry === undefined) return false;
  journal.append([entry]);
  await journal.sync();
  return true;
}

async function stop(run: Run, note?: string): Promise<boolean> {
  run.stop('interrupted', note);
  await run.outcome;
  return true;
}
