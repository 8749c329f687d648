import type { Agent, AgentContext, NodeOutcome, RunPhase } from '../agents/agent.ts';
import { hearInput } from '../agents/hear-users.ts';
import { continueByHook, isToContinue } from '../agents/hook-stop.ts';
import type { HookRunner } from '../agents/hook-runner.ts';
import type { HookStopped } from '../agents/hook-stopped.ts';
import type { Permit } from '../agents/permit.ts';
import type { RunContext } from '../agents/run-context.ts';
import { withdrawRemark } from '../agents/self-check/self-check-state.ts';
import { isSageError, type SageError } from '../errors.ts';
import { agentNodesOf, withoutTurns } from '../flow/agent-nodes.ts';
import type { Conditions } from '../flow/conditions.ts';
import type { AgentFlow, AgentNode } from '../flow/flow.ts';
import { runFlow, runNode, type NodePlace } from '../flow/run-flow.ts';
import type { ChatModel } from '../model/model.ts';
import { noUsage } from '../messages/usage.ts';
import { dropPending } from '../session/confirmations.ts';
import type { Entry, Prefix, RunEnded } from '../session/entry.ts';
import type { Journal } from '../session/journal.ts';
import { ownedBy } from '../session/own-entries.ts';
import { restEntries } from '../session/repair-pairs.ts';
import type { SessionState } from '../session/session-state.ts';
import { Session, SessionOver } from '../session/session.ts';
import { loadSkillTool } from '../skills/load-skill.ts';
import { openWithSkills } from '../skills/restore-skills.ts';
import type { Skill } from '../skills/skill.ts';
import type { LastRun } from '../session/status.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import type { ToolSource } from '../tools/tool-manager.ts';
import type { CheckedOptions } from './options/check-options.ts';
import { childResultOf } from './children/child-result.ts';
import { judge, lastWords, toRunEnded, type RunVerdict, type WorkEnd } from './close-run.ts';
import { createFlowHost } from './flow-host.ts';
import { JournalTrace } from './journal-trace.ts';
import { LoopState } from './loop-state.ts';
import { NodeSetups, type SetupOptions } from './node-setup.ts';
import { budgetOf } from './run-budget.ts';
import { graceMs } from './options/run-options.ts';
import { statusOfReason } from './run-outcome.ts';
import type { Workplace } from './run-sandbox.ts';
import { createRunView } from './run-view.ts';

export interface SessionRunDeps {
  readonly journal: Journal;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly conditions: Conditions<RunContext>;
  readonly flow: AgentFlow;
  readonly model: ChatModel;
  readonly permit: Permit;
  readonly hooks: HookRunner | undefined;
  readonly createId: () => string;
  /** Stands still while the reader holds a batch. */
  readonly clock: ActiveClock;
  readonly signal: AbortSignal;
  readonly workplace: Workplace;
  readonly setup: SetupOptions;
  /** What chunks carry as `agent_name`. Default: what the node says. */
  readonly agentName?: string;
  /** Told of tools that did not end when they were stopped. */
  readonly onAbandoned: (toolName: string) => void;
}

/** The end of one session's run, and what is to be stored of it. */
export interface SessionEnd {
  readonly verdict: RunVerdict;
  readonly phase: RunPhase;
  readonly ended: RunEnded;
  readonly entries: readonly Entry[];
}

/** What there is once its start is stored. */
interface Begun extends Pick<AgentContext, 'session' | 'view' | 'openSandbox'> {
  readonly trace: JournalTrace;
}

/** Answering guidance that came too late for the flow has places of its own in the trace: `guidance/1`. */
const guidancePath = 'guidance/';

/**
 * A run as one session has it, the root's or a child's: its way through the flow, in a journal that is open. Whoever made it
 * stores its start, then calls `begin`, and stores its end with what `end` leaves to be done.
 */
export class SessionRun {
  readonly state: SessionState;
  /** Whether guidance may still be answered by this run. */
  isAccepting = false;
  readonly #options: CheckedOptions;
  readonly #deps: SessionRunDeps;
  readonly #setups: NodeSetups;
  #begun: Begun | undefined;
  #phase: RunPhase = 'start';

  constructor(state: SessionState, options: CheckedOptions, deps: SessionRunDeps) {
    this.state = state;
    this.#options = options;
    this.#deps = deps;
    this.#setups = new NodeSetups(deps.flow, options, deps.setup);
  }

  get prefix(): Prefix {
    return this.#setups.prefix;
  }

  /** All that its agents may call, those that delegate included. */
  get tools(): ToolSource {
    return this.#setups.tools;
  }

  /** Its start has been stored. */
  begin(runId: string): void {
    const { journal, createId, signal, workplace, permit } = this.#deps;
    const session = new Session(journal, this.state, { runId, createId });
    const view = createRunView(session, this.state.lastRun as LastRun, this.#options.systemContext);
    const trace = new JournalTrace(session, (phase) => (this.#phase = phase));
    const { skills } = this.#options;
    const loader = loadSkillTool(skills);
    const mayLoad = async ({ name }: Skill) =>
      !(await permit.refuses(session, { tool: loader, args: { skill_name: name } }));
    const openSandbox = openWithSkills(workplace.open, { skills, state: session.toolState, mayLoad, signal });
    this.#begun = { session, view, trace, openSandbox };
    this.isAccepting = !signal.aborted;
  }

  /**
   * Walks the flow, then answers guidance that came too late for it. That nothing is pending and that nothing more is taken is
   * one synchronous act.
   */
  async *work(): AsyncGenerator<unknown, WorkEnd> {
    const { flow, signal } = this.#deps;
    const host = this.#flowHost();
    try {
      let outcome: NodeOutcome = (yield* this.#hearInput()) ?? (yield* runFlow(flow.root, signal, host));
      for (let turn = 1; ; turn += 1) {
        const place = { path: `${guidancePath}${turn}`, signal };
        const isThrough = outcome.type === 'done' && this.#nodeForGuidance(outcome, turn) === undefined;
        if (isThrough) outcome = (yield* this.#askToStop(place)) ?? outcome;
        const node = this.#nodeForGuidance(outcome, turn);
        if (node === undefined) break;
        outcome = yield* runNode(node, place, host);
      }
      this.isAccepting = false;
      // A stopped agent does not know by whom; who drives the run does.
      return outcome.type === 'stopped' ? { type: 'stopped', reason: 'aborted' } : { type: 'outcome', outcome };
    } catch (error) {
      if (error instanceof SessionOver || (signal.aborted && error === signal.reason))
        return { type: 'stopped', reason: 'aborted' };
      if (isFailure(error)) return { type: 'outcome', outcome: { type: 'failed', error } };
      throw error;
    }
  }

  /** What is to be stored of its end. Whatever is still at work, nothing more is added to the session by this run. */
  end(end: WorkEnd): SessionEnd {
    const { session, trace } = this.#known;
    const { createId } = this.#deps;
    const { ledger, lastRun, parent, sessionId, confirmations } = this.state;
    this.isAccepting = false;
    trace.flush();
    session.end();
    const verdict = judge(end);
    const status = statusOfReason[verdict.reason];
    // A child that waits has come to nothing yet, and what it waits with stays open.
    const isWaiting = status === 'waiting';
    const phase = status === 'completed' ? 'closing' : isWaiting ? 'tools' : this.#phase;
    const result = parent === undefined || isWaiting ? {} : { result: childResultOf(verdict, ledger) };
    const ended = toRunEnded(verdict, { runId: session.runId, phase, ...result });
    const entries = [
      ...(isWaiting ? [] : dropPending(confirmations, createId)),
      ...(isWaiting ? [] : restEntries(ledger, verdict.reason === 'deadline' ? 'deadline' : 'aborted', createId)),
      ...(isWaiting ? [] : withdrawRemark(this.state)),
      ...lastWords(verdict, lastRun?.usage ?? noUsage, createId),
      ended,
    ];
    return {
      verdict,
      phase,
      ended,
      entries: parent === undefined ? entries : entries.map((entry) => ownedBy(sessionId, entry)),
    };
  }

  #hearInput(): AsyncGenerator<unknown, HookStopped | undefined> {
    const { hooks, permit, signal, agentName = 'runtime' } = this.#deps;
    const { skills } = this.#options;
    const enter = (phase: RunPhase) => (this.#phase = phase);
    return hearInput({ ...this.#known, hooks, permit, skills, signal, enter, agentName, node: 'start' });
  }

  /** A hook may have more to be done: it is told to the last agent as guidance is. */
  async *#askToStop({ path, signal }: NodePlace): AsyncGenerator<unknown, HookStopped | undefined> {
    const { hooks, agentName = 'runtime' } = this.#deps;
    if (hooks?.has('onStop') !== true) return undefined;
    const { session } = this.#known;
    const lastMessage = session.ledger.whole.findLast(({ message }) => message.role === 'assistant')?.message;
    const place = { hooks, session, node: path, agentName, signal };
    return yield* continueByHook(place, { lastMessage, mayGoOn: this.#mayCallModel() });
  }

  get #known() {
    if (this.#begun === undefined) throw new Error('The run has not begun.');
    return this.#begun;
  }

  #flowHost() {
    const { agents, conditions, flow } = this.#deps;
    const { trace, view, session } = this.#known;
    return createFlowHost({
      trace,
      agents,
      conditions,
      view,
      loops: new LoopState(session, flow.root),
      contextOf: (node, place) => this.#contextOf(node, place),
    });
  }

  /** The agent that drained guidance last, if there is more for it, and something left to answer it with. */
  #nodeForGuidance(outcome: NodeOutcome, turn: number): AgentNode | undefined {
    const { lastRun, guidance } = this.state;
    if (outcome.type !== 'done' || lastRun === undefined) return undefined;
    const wasBegun = lastRun.trace.get(`${guidancePath}${turn}`) !== undefined;
    const isAsked = guidance.size > 0 || isToContinue(this.#known.session);
    if (!wasBegun && (!isAsked || !this.#mayCallModel())) return undefined;
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
    const { session, view, openSandbox } = this.#known;
    const { tenantId, userId, agentId, deadlines, skills } = this.#options;
    const { model, permit, hooks, clock, workplace, agentName, onAbandoned } = this.#deps;
    return {
      session,
      node: path,
      agentName: agentName ?? node.agent_config?.name ?? node.agent_key,
      agentConfig: node.agent_config ?? {},
      view,
      model,
      ...this.#setups.of(node, session),
      permit,
      hooks,
      skills,
      budget: this.#budget(),
      signal,
      clock,
      deadlines,
      graceMs,
      identity: {
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(userId === undefined ? {} : { userId }),
        ...(agentId === undefined ? {} : { agentId }),
      },
      openSandbox,
      hasInWorkspace: workplace.has,
      endedCommands: () => workplace.endedCommands(),
      enter: (phase) => (this.#phase = phase),
      onAbandoned: ({ call }) => onAbandoned(call.function.name),
    };
  }

  #budget() {
    return budgetOf(this.state, this.#deps.journal.state.root, this.#options);
  }
}

/** What ends a run as failed; anything else that is thrown is a bug, or a lost store. */
function isFailure(error: unknown): error is SageError {
  return (
    isSageError(error, 'flow-error') || isSageError(error, 'sandbox-error') || isSageError(error, 'sandbox-unavailable')
  );
}
