import { isVisible } from '../messages/visibility.ts';
import type { Message, MessageChunk } from '../messages/message.ts';
import type { PendingGuidance } from '../session/guidance-queue.ts';
import type { JournalState } from '../session/journal-state.ts';
import { statusOf, type SessionStatus } from '../session/status.ts';
import { readTasks, type TodoTask } from '../tools/builtin/todo.ts';
import { mustBeSessionId } from './options/check-options.ts';
import { pendingIn, type PendingConfirmation } from './confirmation/confirmations.ts';
import { findSession, wordsOf, type FoundSession, type House } from './find-session.ts';
import { followSession, type FollowOptions } from './follow-session.ts';
import { childrenOf, type ChildSession } from './children/list-children.ts';
import { readTrace, toTrace, type RunTrace } from './read-trace.ts';
import { notFound } from './start-run.ts';

export interface ActiveSession {
  readonly sessionId: string;
  readonly runId: string;
  readonly status: 'running';
}

/** What a host can ask of sessions. Nothing here changes any. */
export class SessionReader {
  protected readonly house: House;
  readonly #tenantId: string | undefined;

  constructor(house: House, tenantId?: string) {
    this.house = house;
    this.#tenantId = tenantId;
  }

  /** `undefined` for an unknown session. A run whose process died reads `interrupted`. */
  async getSessionStatus(sessionId: string): Promise<SessionStatus | undefined> {
    const found = await this.find(sessionId);
    if (found === undefined) return undefined;
    const { state: owner } = await this.house.sessions.store.owner(found.rootId);
    return statusOf(found.session.lastRun, owner === 'live');
  }

  /** The sessions that are running in this agent. Their children are not listed. */
  listActiveSessions(): ActiveSession[] {
    return this.house.live
      .list()
      .filter((run) => run.isOpen && this.mayKnow(run.body.journal.state))
      .map(({ sessionId, runId }) => ({ sessionId, runId, status: 'running' }));
  }

  /** The messages as they stand, an unfinished one as far as it has come. Those hidden from clients only if asked for. */
  async getMessages(
    sessionId: string,
    { includeHidden = false }: { readonly includeHidden?: boolean } = {},
  ): Promise<Message[] | undefined> {
    const found = await this.find(sessionId);
    if (found === undefined) return undefined;
    const messages = (await wordsOf(this.house, found)).messages();
    return includeHidden ? messages : messages.filter(isVisible);
  }

  /** Who has worked for a session, and for them in turn, in the order they joined; `undefined` for an unknown session. */
  async listChildren(sessionId: string): Promise<ChildSession[] | undefined> {
    const found = await this.find(sessionId);
    if (found === undefined) return undefined;
    const { state: owner } = await this.house.sessions.store.owner(found.rootId);
    return childrenOf(found.tree, found.session, owner === 'live');
  }

  /** The tasks of the session's todo list, which `todo_write` keeps, in their order. */
  async getTasksStatus(sessionId: string): Promise<readonly TodoTask[] | undefined> {
    const found = await this.find(sessionId);
    return found && readTasks((await wordsOf(this.house, found)).state);
  }

  /** How a run went through its flow: the newest, or that of `runId`. `undefined` for an unknown session or run. */
  async getTrace(sessionId: string, runId?: string): Promise<RunTrace | undefined> {
    const found = await this.find(sessionId);
    const last = found?.session.lastRun;
    if (found === undefined || last === undefined) return undefined;
    if (runId === undefined || runId === last.runId) return toTrace(last);
    return readTrace(this.house.sessions.store, found, runId);
  }

  /** See `followSession`: of a child, its own chunks, for as long as its tree runs. @throws {SageError} `session-not-found`. */
  async *followSession(sessionId: string, options?: FollowOptions): AsyncGenerator<MessageChunk[], void> {
    const found = await this.find(sessionId);
    if (found === undefined) throw notFound(sessionId);
    yield* followSession(this.house.sessions.store, { rootId: found.rootId, sessionId }, options);
  }

  /** Guidance no model call has taken yet, in order; also of a session at rest. */
  async listPendingUserInjections(sessionId: string): Promise<PendingGuidance[]> {
    return (await this.find(sessionId))?.session.guidance.list() ?? [];
  }

  /**
   * The calls that wait for a person: of a session and all below it, or of a child alone. Those whose time is up are not among
   * them.
   */
  async listPendingConfirmations(sessionId: string): Promise<PendingConfirmation[]> {
    const found = await this.find(sessionId);
    return found === undefined ? [] : pendingIn(found, this.house.sessions.clock());
  }

  /** A session that this scope may know. */
  protected async find(sessionId: string): Promise<FoundSession | undefined> {
    mustBeSessionId(sessionId);
    const found = await findSession(this.house, sessionId);
    return found !== undefined && this.mayKnow(found.tree) ? found : undefined;
  }

  protected mayKnow({ started }: JournalState): boolean {
    return this.#tenantId === undefined || started?.tenant_id === this.#tenantId;
  }
}
