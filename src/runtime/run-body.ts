import type { Agent } from '../agents/agent.ts';
import type { RunContext } from '../agents/run-context.ts';
import { selfCheckOf } from '../agents/self-check/self-check-state.ts';
import { isSageError } from '../errors.ts';
import type { Conditions } from '../flow/conditions.ts';
import type { AgentFlow } from '../flow/flow.ts';
import type { MessageChunk } from '../messages/message.ts';
import { noUsage } from '../messages/usage.ts';
import { withCredentials } from '../model/client.ts';
import type { ChatModel } from '../model/model.ts';
import type { AnswerMessage, InboxMessage } from '../session/inbox-message.ts';
import type { Journal } from '../session/journal.ts';
import type { SessionState } from '../session/session-state.ts';
import type { JournalRecord } from '../session/session-store.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import type { ConfirmationAnswer } from './confirmation/answer-confirmation.ts';
import type { Approvals } from './confirmation/approvals.ts';
import { assembleRun } from './assemble-run.ts';
import type { CheckedOptions } from './options/check-options.ts';
import type { WorkEnd } from './close-run.ts';
import { hasFiles } from './children/fibre-equipment.ts';
import { openJournal, type OpenJournal, type Sessions } from './open-journal.ts';
import { readSkills } from './read-skills.ts';
import { refusalOfChild } from './children/refuse-child.ts';
import { hash } from './prompt.ts';
import { statusOfReason, type RunOutcome } from './run-outcome.ts';
import { RunSandbox } from './run-sandbox.ts';
import type { RunTree } from './children/run-tree.ts';
import type { SessionEnd, SessionRun } from './session-run.ts';
import { mustBelongTo, planStart } from './start-run.ts';

export interface RunBodyDeps {
  readonly sessions: Sessions;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly conditions: Conditions<RunContext>;
  readonly flow: AgentFlow;
  /** Where sandboxes record whom workspaces belong to. */
  readonly sessionRoot: string;
  /** Stands still while the reader holds a batch. */
  readonly clock: ActiveClock;
  readonly signal: AbortSignal;
  /** Stops this run, on behalf of another process. */
  readonly interrupt: (reason?: string) => void;
}

/** What there is once the session is open. */
interface Opened {
  readonly open: OpenJournal;
  readonly root: SessionRun;
  readonly tree: RunTree;
  readonly permit: Approvals;
  readonly work: AsyncGenerator<unknown, WorkEnd>;
  readonly letGo: () => void;
}

/**
 * What a run does, without its reader: `open` the session, `work` through the flow, `close` with an outcome. `run.ts` drives
 * it, and takes what has become visible after every turn of `work`.
 */
export class RunBody {
  readonly sessionId: string;
  readonly #options: CheckedOptions;
  readonly #deps: RunBodyDeps;
  readonly #model: ChatModel;
  readonly #flowHash: string;
  readonly #sandbox: RunSandbox;
  readonly #abandoned: string[] = [];
  #runId: string;
  #opened: Opened | undefined;
  /** Its last words are being stored: nothing else may be added any more. */
  isClosing = false;

  /** @throws {SageError} `invalid-argument` for credentials the client cannot take. */
  constructor(sessionId: string, options: CheckedOptions, deps: RunBodyDeps) {
    this.sessionId = sessionId;
    this.#options = options;
    this.#deps = deps;
    this.#runId = deps.sessions.createId();
    this.#model = withCredentials(options.model, options.modelConfig);
    this.#sandbox = new RunSandbox(options, { root: deps.sessionRoot, sessionId });
    this.#flowHash = hash(JSON.stringify(deps.flow.root));
  }

  /** Once open. */
  get journal(): Journal {
    return this.#known.open.journal;
  }

  get runId(): string {
    return this.#runId;
  }

  /** Whether guidance for a session of the tree may still be answered by this run. */
  isAccepting(sessionId: string): boolean {
    const { root, tree } = this.#known;
    return (sessionId === this.sessionId ? root : tree.live(sessionId)?.run)?.isAccepting === true;
  }

  /** It was stopped: nobody in it takes guidance any more. */
  stopAccepting(): void {
    if (this.#opened === undefined) return;
    this.#opened.root.isAccepting = false;
    this.#opened.tree.stopAccepting();
  }

  /** Takes the session and makes the run's start, with its input, durable. What it throws, it throws before anything is written. */
  async open(): Promise<void> {
    const { sessions } = this.#deps;
    const options = await readSkills(this.#options);
    if (hasFiles(options) || options.skills.length > 0) await this.#sandbox.probe();
    const open = await this.#openJournal();
    try {
      const { journal } = open;
      const { asked, root, tree, permit, scope, work } = assembleRun(options, {
        ...this.#deps,
        journal,
        model: this.#model,
        sandbox: this.#sandbox,
        readRecords: () => this.#readRecords(),
        onAbandoned: (name) => this.#abandoned.push(name),
      });
      options.permissions.check(root.tools);
      const { runId, entries } = planStart(journal.state, {
        options,
        asked,
        flow: this.#flowHash,
        runId: this.#runId,
        prefix: root.prefix,
        createId: sessions.createId,
        now: sessions.clock(),
      });
      journal.append(entries);
      await journal.sync();
      this.#runId = runId;
      root.begin(runId);
      const stopReceiving = sessions.store.receive(this.sessionId, (message) => this.#receive(message));
      const letGo = () => {
        stopReceiving();
        scope[Symbol.dispose]();
      };
      this.#opened = { open, root, tree, permit, work: work(), letGo };
      // A reader knows its own input; whoever follows the session reads it from the journal.
      journal.takeShown();
    } catch (error) {
      await open.close();
      throw error;
    }
  }

  /** What the caller is told of why the run cannot begin: to another tenant a busy session does not exist. */
  async refusalOf(error: unknown): Promise<unknown> {
    if (!isSageError(error, 'session-busy') || this.#options.tenantId === undefined) return error;
    const { store, cache } = this.#deps.sessions;
    try {
      const state = await cache.read(store, this.sessionId);
      if (state !== undefined) mustBelongTo(state, this.#options.tenantId);
      return error;
    } catch (refusal) {
      return refusal;
    }
  }

  /** Walks the flow, and reads the children that join on the way beside it. */
  get work(): AsyncGenerator<unknown, WorkEnd> {
    return this.#known.work;
  }

  takeShown(): MessageChunk[] {
    return this.journal.takeShown();
  }

  /** See `RunTree.stop`. */
  async stopChild(sessionId: string, note: string | undefined): Promise<boolean> {
    return (await this.#opened?.tree.stop(sessionId, note)) ?? false;
  }

  /** Takes what a person says to a call of this tree that waits. @throws {SageError} `confirmation-refused`. */
  answer(session: SessionState, id: string, answer: ConfirmationAnswer): Promise<void> {
    return this.#known.permit.answer(session, id, answer);
  }

  /** Brings the session to rest, says that the run ended and why, and lets everything go. */
  async close(end: WorkEnd): Promise<RunOutcome> {
    const { open, root, tree, letGo } = this.#known;
    const { state } = open.journal;
    this.isClosing = true;
    let last: SessionEnd;
    try {
      last = root.end(end);
      open.journal.append([...tree.cut({ isWaiting: last.ended.status === 'waiting' }), ...last.entries]);
      await open.journal.sync();
    } finally {
      letGo();
      await this.#sandbox.close();
      await open.close();
    }
    const { verdict, phase } = last;
    const { usage } = state.lastRun ?? { usage: noUsage };
    const sessions = [state.root, ...state.children];
    const pendingGuidance = sessions.flatMap(({ guidance }) => guidance.list().map(({ guidance_id }) => guidance_id));
    const { sessionId, runId } = this;
    const status = statusOfReason[verdict.reason];
    const selfCheck = selfCheckOf(state.lastRun?.state ?? new Map());
    const facts = { sessionId, runId, usage, pendingGuidance, abandonedTools: this.#abandoned };
    return { status, phase, ...facts, ...(selfCheck === undefined ? {} : { selfCheck }), ...verdict };
  }

  get #known(): Opened {
    if (this.#opened === undefined) throw new Error('The run is not open.');
    return this.#opened;
  }

  async #openJournal(): Promise<OpenJournal> {
    const { sessions } = this.#deps;
    try {
      return await openJournal(sessions, this.sessionId, { create: this.#options.input.length > 0 });
    } catch (error) {
      throw (await refusalOfChild(sessions, this.sessionId, this.#options.tenantId)) ?? error;
    }
  }

  async #readRecords(): Promise<readonly JournalRecord[]> {
    return (await this.#deps.sessions.store.read(this.sessionId))?.records ?? [];
  }

  #receive(message: InboxMessage): void {
    const { session_id } = message;
    if (message.type === 'answer') {
      void this.#receiveAnswer(message);
      return;
    }
    const { run_id, reason } = message;
    if (session_id === undefined) {
      if (run_id === this.#runId) this.#deps.interrupt(reason);
      return;
    }
    const tree = this.#opened?.tree;
    if (tree?.live(session_id)?.run.state.lastRun?.runId !== run_id) return;
    // What it rejects with, the run does too.
    void tree.stop(session_id, reason).catch(() => {});
  }

  /** Whoever sent it reads in the journal what became of it. */
  async #receiveAnswer({ session_id, confirmation_id, ...answer }: AnswerMessage): Promise<void> {
    const session = this.journal.state.session(session_id ?? this.sessionId);
    if (session === undefined || this.isClosing) return;
    try {
      await this.answer(session, confirmation_id, answer);
    } catch {
      // Refused, or the store is lost: the run finds out about that by itself.
    }
  }
}
