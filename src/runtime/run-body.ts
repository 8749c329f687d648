import type { Agent, AgentContext, NodeOutcome, RunBudget, RunPhase } from '../agents/agent.ts';
import { SageError, isSageError } from '../errors.ts';
import type { AgentFlow, AgentNode } from '../flow/flow.ts';
import { runFlow, runNode, type FlowHost } from '../flow/run-flow.ts';
import type { MessageChunk } from '../messages/message.ts';
import { noUsage } from '../messages/usage.ts';
import { withCredentials } from '../model/client.ts';
import type { ChatModel } from '../model/model.ts';
import type { Journal } from '../session/journal.ts';
import { restEntries } from '../session/repair-pairs.ts';
import { Session } from '../session/session.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import { ToolManager, type ToolSource } from '../tools/tool-manager.ts';
import type { CheckedOptions } from './check-options.ts';
import { endEntries, judge, type WorkEnd } from './close-run.ts';
import { openJournal, type OpenJournal, type Sessions } from './open-journal.ts';
import { createPrompt, hash, prefixOf, type Prompt } from './prompt.ts';
import { budgetOf } from './run-budget.ts';
import { graceMs } from './run-options.ts';
import { statusOfReason, type RunOutcome } from './run-outcome.ts';
import { RunSandbox } from './run-sandbox.ts';
import { mustBelongTo, planStart } from './start-run.ts';

export interface RunBodyDeps {
  readonly sessions: Sessions;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly flow: AgentFlow;
  /** Stands still while the reader holds a batch. */
  readonly clock: ActiveClock;
  readonly signal: AbortSignal;
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
  readonly #prompt: Prompt;
  readonly #flowHash: string;
  readonly #tools: ToolSource;
  readonly #sandbox: RunSandbox;
  readonly #abandoned: string[] = [];
  #runId: string;
  #open: OpenJournal | undefined;
  #session: Session | undefined;
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
    this.#prompt = createPrompt(options);
    this.#tools = options.toolManager ?? new ToolManager();
    this.#sandbox = new RunSandbox(options);
    this.#flowHash = hash(JSON.stringify(deps.flow));
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
    await this.#sandbox.probe(this.#tools);
    const open = await openJournal(sessions, this.sessionId, { create: this.#options.input.length > 0 });
    try {
      const { runId, entries } = planStart(open.journal.state, {
        options: this.#options,
        flow: this.#flowHash,
        runId: this.#runId,
        prefix: prefixOf(this.#prompt),
        createId: sessions.createId,
        now: sessions.clock(),
      });
      open.journal.append(entries);
      await open.journal.sync();
      this.#open = open;
      this.#runId = runId;
      this.#session = new Session(open.journal, runId, sessions.createId);
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
    try {
      const host = this.#flowHost();
      let outcome = yield* runFlow(this.#deps.flow, host);
      for (let turn = 1; this.#mayAnswerGuidance(outcome, turn); turn += 1) {
        outcome = yield* runNode(this.#deps.flow.root, `guidance/${turn}`, host);
      }
      this.isAccepting = false;
      // A stopped agent does not know by whom; `run.ts` does.
      return outcome.type === 'stopped' ? { type: 'stopped', reason: 'aborted' } : { type: 'outcome', outcome };
    } catch (error) {
      if (!isSageError(error, 'sandbox-error') && !isSageError(error, 'sandbox-unavailable')) throw error;
      return { type: 'outcome', outcome: { type: 'failed', error } };
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
    return { status, phase, sessionId, runId, usage, pendingGuidance, abandonedTools: this.#abandoned, ...verdict };
  }

  async #letGo(): Promise<void> {
    await this.#sandbox.close();
    await this.#open?.close();
  }

  #flowHost(): FlowHost<MessageChunk[], NodeOutcome> {
    const { journal } = this;
    return {
      runAgent: (node) => this.#agentOf(node).run(this.#contextOf(node)),
      outcomeOf: (path) => {
        const type = this.journal.state.lastRun?.nodes.get(path);
        // Only these are ever left for good: after the others the run has ended.
        return type === 'done' || type === 'max-loops' || type === 'loop-detected' || type === 'budget'
          ? { type }
          : undefined;
      },
      entered: (path, node) => {
        this.#phase = 'flow';
        journal.append([{ type: 'node_entered', path, node: node.agent_key }]);
      },
      left: (path, { type }) => {
        // What is stopped, fails, or is over its budget ends the run where the agent stood.
        if (type === 'done') this.#phase = 'flow';
        if (type !== 'stopped' && type !== 'failed') journal.append([{ type: 'node_left', path, outcome: type }]);
      },
    };
  }

  #mayAnswerGuidance(outcome: NodeOutcome, turn: number): boolean {
    if (outcome.type !== 'done') return false;
    const { lastRun, ledger } = this.journal.state;
    const wasBegun = lastRun?.nodes.has(`guidance/${turn}`) === true;
    return wasBegun || (ledger.guidance.size > 0 && this.#budget().stepsLeft() > 0);
  }

  #agentOf({ agent_key }: AgentNode): Agent {
    const agent = this.#deps.agents.get(agent_key);
    if (agent !== undefined) return agent;
    const allowed = [...this.#deps.agents.keys()].join(', ');
    throw new SageError('invalid-argument', `The flow names agent "${agent_key}". Known agents: ${allowed}.`, {
      option: 'customFlow',
      given: agent_key,
      allowed,
    });
  }

  #contextOf({ agent_key }: AgentNode): AgentContext {
    const { tenantId, userId, agentId, deadlines } = this.#options;
    return {
      session: this.#session as Session,
      agentName: agent_key,
      model: this.#model,
      prompt: this.#prompt,
      tools: this.#tools,
      budget: this.#budget(),
      signal: this.#deps.signal,
      clock: this.#deps.clock,
      deadlines,
      graceMs,
      identity: {
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(userId === undefined ? {} : { userId }),
        ...(agentId === undefined ? {} : { agentId }),
      },
      openSandbox: this.#sandbox.open,
      enter: (phase) => (this.#phase = phase),
      onAbandoned: ({ call }) => this.#abandoned.push(call.function.name),
    };
  }

  #budget(): RunBudget {
    return budgetOf(this.journal.state, this.#options);
  }
}
