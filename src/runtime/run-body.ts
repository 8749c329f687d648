import type { Agent, AgentContext, NodeOutcome, RunBudget, RunPhase } from '../agents/agent.ts';
import type { RunContext } from '../agents/run-context.ts';
import { selfCheckOf } from '../agents/self-check/self-check-state.ts';
import { isSageError, type SageError } from '../errors.ts';
import { agentNodesOf, withoutTurns } from '../flow/agent-nodes.ts';
import type { Conditions } from '../flow/conditions.ts';
import type { AgentFlow, AgentNode } from '../flow/flow.ts';
import { runFlow, runNode, type NodePlace } from '../flow/run-flow.ts';
import type { MessageChunk } from '../messages/message.ts';
import { noUsage } from '../messages/usage.ts';
import { withCredentials } from '../model/client.ts';
import type { ChatModel } from '../model/model.ts';
import type { Journal } from '../session/journal.ts';
import { restEntries } from '../session/repair-pairs.ts';
import { Session } from '../session/session.ts';
import type { LastRun } from '../session/status.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import { askedOf } from './asked.ts';
import type { CheckedOptions } from './check-options.ts';
import { endEntries, judge, type WorkEnd } from './close-run.ts';
import { openJournal, type OpenJournal, type Sessions } from './open-journal.ts';
import { createFlowHost } from './flow-host.ts';
import { JournalTrace } from './journal-trace.ts';
import { NodeSetups } from './node-setup.ts';
import { hash } from './prompt.ts';
import { budgetOf } from './run-budget.ts';
import { graceMs } from './run-options.ts';
import { statusOfReason, type RunOutcome } from './run-outcome.ts';
import { RunSandbox } from './run-sandbox.ts';
import { createRunView } from './run-view.ts';
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

/** Answering guidance that came too late for the flow has places of its own in the trace: `guidance/1`. */
const guidancePath = 'guidance/';

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
  #stopReceiving = (): void => {};
  #open: OpenJournal | undefined;
  #session: Session | undefined;
  #setups: NodeSetups | undefined;
  #view: RunContext | undefined;
  #trace: JournalTrace | undefined;
  #phase: RunPhase = 'start';
  /** Whether guidance may still be answered by this run. */
  isAccepting = false;
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
    if (this.#open === undefined) throw new Error('The run is not open.');
    return this.#open.journal;
  }

  get runId(): string {
    return this.#runId;
  }

  /** Takes the session and makes the run's start, with its input, durable. What it throws, it throws before anything is written. */
  async open(): Promise<void> {
    const { sessions } = this.#deps;
    await this.#sandbox.probe(this.#options.toolManager);
    const open = await openJournal(sessions, this.sessionId, { create: this.#options.input.length > 0 });
    try {
      const asked = askedOf(this.#options, open.journal.state.lastRun);
      const setups = new NodeSetups(this.#deps.flow, this.#options, asked.thinking);
      const { runId, entries } = planStart(open.journal.state, {
        options: this.#options,
        asked,
        flow: this.#flowHash,
        runId: this.#runId,
        prefix: setups.prefix,
        createId: sessions.createId,
        now: sessions.clock(),
      });
      open.journal.append(entries);
      await open.journal.sync();
      this.#open = open;
      this.#runId = runId;
      this.#setups = setups;
      this.#session = new Session(open.journal, open.journal.state.root, { runId, createId: sessions.createId });
      this.#trace = new JournalTrace(this.#session, (phase) => (this.#phase = phase));
      this.#view = createRunView(this.#session, open.journal.state.lastRun as LastRun, this.#options.systemContext);
      this.#stopReceiving = sessions.store.receive(this.sessionId, (message) => {
        if (message.run_id === runId) this.#deps.interrupt(message.reason);
      });
      this.isAccepting = !this.#deps.signal.aborted;
      // A reader knows its own input; whoever follows the session reads it from the journal.
      open.journal.takeShown();
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

  /**
   * Walks the flow, then answers guidance that came too late for it. That nothing is pending and that nothing more is taken is
   * one synchronous act.
   */
  async *work(): AsyncGenerator<unknown, WorkEnd> {
    const { flow, signal } = this.#deps;
    const host = this.#flowHost();
    try {
      let outcome = yield* runFlow(flow.root, signal, host);
      for (let turn = 1; ; turn += 1) {
        const node = this.#nodeForGuidance(outcome, turn);
        if (node === undefined) break;
        outcome = yield* runNode(node, { path: `${guidancePath}${turn}`, signal }, host);
      }
      this.isAccepting = false;
      // A stopped agent does not know by whom; `run.ts` does.
      return outcome.type === 'stopped' ? { type: 'stopped', reason: 'aborted' } : { type: 'outcome', outcome };
    } catch (error) {
      if (signal.aborted && error === signal.reason) return { type: 'stopped', reason: 'aborted' };
      if (isFailure(error)) return { type: 'outcome', outcome: { type: 'failed', error } };
      throw error;
    }
  }

  takeShown(): MessageChunk[] {
    return this.journal.takeShown();
  }

  /** Brings the session to rest, says that the run ended and why, and lets everything go. */
  async close(end: WorkEnd): Promise<RunOutcome> {
    this.isAccepting = false;
    this.isClosing = true;
    const { createId } = this.#deps.sessions;
    const verdict = judge(end);
    const status = statusOfReason[verdict.reason];
    const phase = status === 'completed' ? 'closing' : this.#phase;
    const { runId } = this;
    const { usage } = this.journal.state.lastRun ?? { usage: noUsage };
    const { ledger } = this.journal.state;
    try {
      this.#trace?.flush();
      this.#session?.end();
      this.journal.append([
        ...restEntries(ledger, verdict.reason === 'deadline' ? 'deadline' : 'aborted', createId),
        ...endEntries(verdict, { runId, phase, usage, createId }),
      ]);
      await this.journal.sync();
    } finally {
      await this.#letGo();
    }
    const pendingGuidance = ledger.guidance.list().map(({ guidance_id }) => guidance_id);
    const { sessionId } = this;
    const selfCheck = selfCheckOf(this.journal.state.lastRun?.state ?? new Map());
    const facts = { sessionId, runId, usage, pendingGuidance, abandonedTools: this.#abandoned };
    return { status, phase, ...facts, ...(selfCheck === undefined ? {} : { selfCheck }), ...verdict };
  }

  async #letGo(): Promise<void> {
    this.#stopReceiving();
    await this.#sandbox.close();
    await this.#open?.close();
  }

  #flowHost() {
    const { agents, conditions } = this.#deps;
    return createFlowHost({
      trace: this.#trace as JournalTrace,
      agents,
      conditions,
      view: this.#view as RunContext,
      contextOf: (node, place) => this.#contextOf(node, place),
    });
  }

  /** The agent that drained guidance last, if there is more for it, and something left to answer it with. */
  #nodeForGuidance(outcome: NodeOutcome, turn: number): AgentNode | undefined {
    const { lastRun, ledger } = this.journal.state;
    if (outcome.type !== 'done' || lastRun === undefined) return undefined;
    const wasBegun = lastRun.trace.get(`${guidancePath}${turn}`) !== undefined;
    if (!wasBegun && (ledger.guidance.size === 0 || !this.#mayCallModel())) return undefined;
    // One that was run for it and called no model would not call it the next time.
    if (turn > 1 && !lastRun.replies.has(`${guidancePath}${turn - 1}`)) return undefined;
    const acting = [...lastRun.replies.keys()].findLast((path) => !path.startsWith(guidancePath));
    return acting === undefined ? undefined : agentNodesOf(this.#deps.flow.root).get(withoutTurns(acting));
  }

  #mayCallModel(): boolean {
    const budget = this.#budget();
    return budget.stepsLeft() > 0 && !budget.isSpent();
  }

  #contextOf(node: AgentNode, { path, signal }: NodePlace): AgentContext {
    const { tenantId, userId, agentId, deadlines } = this.#options;
    return {
      session: this.#session as Session,
      node: path,
      agentName: node.agent_config?.name ?? node.agent_key,
      agentConfig: node.agent_config ?? {},
      view: this.#view as RunContext,
      model: this.#model,
      ...(this.#setups as NodeSetups).of(node, this.#session as Session),
      budget: this.#budget(),
      signal,
      clock: this.#deps.clock,
      deadlines,
      graceMs,
      identity: {
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(userId === undefined ? {} : { userId }),
        ...(agentId === undefined ? {} : { agentId }),
      },
      openSandbox: this.#sandbox.open,
      hasInWorkspace: this.#sandbox.has,
      endedCommands: () => this.#sandbox.endedCommands(),
      enter: (phase) => (this.#phase = phase),
      onAbandoned: ({ call }) => this.#abandoned.push(call.function.name),
    };
  }

  #budget(): RunBudget {
    return budgetOf(this.journal.state, this.#options);
  }
}

/** What ends a run as failed; anything else that is thrown is a bug, or a lost store. */
function isFailure(error: unknown): error is SageError {
  return (
    isSageError(error, 'flow-error') || isSageError(error, 'sandbox-error') || isSageError(error, 'sandbox-unavailable')
  );
}
