import { nanoid } from 'nanoid';
import type { AgentDefinition } from '../agents/define-agent.ts';
import type { RunContext } from '../agents/run-context.ts';
import { Conditions } from '../flow/conditions.ts';
import type { AgentFlow } from '../flow/flow.ts';
import { readFlow } from '../flow/read-flow.ts';
import { createFileStore } from '../session/file-store/file-store.ts';
import type { SandboxOptions } from '../sandbox/open-sandbox.ts';
import type { SandboxType } from '../sandbox/sandbox.ts';
import { checkSandboxOptions, readSandboxType } from './options/check-sandbox-options.ts';
import { StateCache } from '../session/state-cache.ts';
import { builtInConditions } from './built-in-conditions.ts';
import { checkFibre } from './options/check-fibre.ts';
import { checkOptions, type SandboxDefaults } from './options/check-options.ts';
import { invalid } from './options/check-values.ts';
import { collectAgents, type Agents } from './collect-agents.ts';
import { defaultFlow } from './default-flow.ts';
import { LiveSessions } from './live-sessions.ts';
import { checkAgentConfigs } from './node-setup.ts';
import { Run } from './run.ts';
import { RunBody } from './run-body.ts';
import type { RunOptions } from './options/run-options.ts';
import type { RunOutcome } from './run-outcome.ts';
import { SessionHelpers } from './session-helpers.ts';

export interface SAgentOptions {
  /** The folder that holds the sessions; made if missing. */
  readonly sessionRootSpace: string;
  /** The sandbox of runs that name none. Default `SAGE_SANDBOX_MODE`, else `'local'`. */
  readonly sandboxType?: SandboxType;
  /** For runs that do not say otherwise, option by option. Never stored. */
  readonly sandboxOptions?: SandboxOptions;
  /** The host's own agents, beside the built-in ones, for flows to name. */
  readonly agents?: readonly AgentDefinition[];
  /** Milliseconds since 1970. Default `Date.now`; tests give a fixed one. */
  readonly clock?: () => number;
  /** Unique ids of runs, messages and guidance. Default nanoid; tests give a counter. */
  readonly createId?: () => string;
}

/** A run that goes on by itself; read it with `followSession`, stop it with `interruptSession` or its signal. */
export interface StartedRun {
  readonly sessionId: string;
  readonly runId: string;
  /** Settles when the run has ended; never an unhandled rejection. */
  readonly done: Promise<RunOutcome>;
}

/**
 * The runtime: runs agents, and keeps their sessions under one folder. Two `SAgent`s share nothing but what is stored.
 *
 * Close it when the host shuts down: that stops what still runs.
 */
export class SAgent extends SessionHelpers implements AsyncDisposable {
  readonly #sandbox: SandboxDefaults;
  readonly #sessionRoot: string;
  readonly #agents: Agents;
  readonly #conditions = new Conditions(builtInConditions);

  /** @throws {SageError} `invalid-argument`. */
  constructor({
    sessionRootSpace,
    sandboxType,
    sandboxOptions,
    agents = [],
    clock = Date.now,
    createId = () => nanoid(),
  }: SAgentOptions) {
    if (typeof sessionRootSpace !== 'string' || sessionRootSpace === '') {
      throw invalid('sessionRootSpace', sessionRootSpace, 'a folder');
    }
    if (sandboxType !== undefined) readSandboxType(sandboxType);
    checkSandboxOptions(sandboxOptions);
    const known = collectAgents(agents);
    const store = createFileStore(sessionRootSpace);
    const house = {
      sessions: { store, cache: new StateCache(), clock, createId, edits: new Map() },
      live: new LiveSessions(),
    };
    super(house);
    this.#sandbox = { sandboxType, sandboxOptions };
    this.#sessionRoot = sessionRootSpace;
    this.#agents = known;
  }

  /**
   * Adds a condition for the flows of this agent to name. It is given the run as it stands; what it throws, or anything but
   * true or false, ends the run as `failed`/`flow-error`.
   *
   * @throws {SageError} `invalid-argument` for a name that is taken.
   */
  registerCondition(name: string, condition: (context: RunContext) => boolean | Promise<boolean>): void {
    this.#conditions.register(name, condition);
  }

  /**
   * Runs the agent and yields what happens, each chunk stored before it is seen; returns the outcome, as `run.outcome` does.
   *
   * The reader drives: nothing is read ahead of it, and leaving the loop stops the run.
   *
   * @throws {SageError} `invalid-argument`, `not-available-yet`, at once. The first `next()` rejects with `session-busy`,
   *   `session-not-found`, `sandbox-unavailable`, `flow-changed`, and with what only the journal can tell is invalid.
   */
  runStream(options: RunOptions): Run {
    const checked = checkOptions(options, this.#sandbox);
    const conditions = this.#conditions;
    const flow = this.#flowOf(options);
    checkFibre(checked, flow);
    const { sessions, live } = this.house;
    const sessionId = checked.sessionId ?? sessions.createId();
    return new Run({
      createBody: (clock, signal, interrupt) =>
        new RunBody(sessionId, checked, {
          sessions,
          agents: this.#agents.all,
          conditions,
          flow,
          sessionRoot: this.#sessionRoot,
          clock,
          signal,
          interrupt,
        }),
      signal: checked.signal,
      totalMs: checked.deadlines.totalMs,
      durability: checked.durability,
      enter: (run) => live.enter(run),
    });
  }

  #flowOf({ customFlow, toolManager }: RunOptions): AgentFlow {
    if (customFlow === undefined || customFlow === null) return defaultFlow;
    const flow = readFlow(customFlow, { agents: [...this.#agents.all.keys()], conditions: this.#conditions.names });
    checkAgentConfigs(flow, toolManager, this.#agents.hosts);
    return flow;
  }

  /**
   * Starts a run that drives itself, and resolves when its start is durable.
   *
   * @throws {SageError} what `runStream` throws, and what its first `next()` rejects with.
   */
  async startRun(options: RunOptions): Promise<StartedRun> {
    const run = this.runStream(options);
    await run.begin();
    void readToTheEnd(run);
    return { sessionId: run.sessionId, runId: run.runId, done: run.outcome };
  }

  /** The helpers, for one tenant: the sessions of others do not exist there. */
  forTenant(tenantId: string): SessionHelpers {
    return new SessionHelpers(this.house, tenantId);
  }

  /** Stops every run of this agent, and resolves when all have ended. */
  async close(): Promise<void> {
    await Promise.allSettled(this.house.live.list().map(({ sessionId }) => this.interruptSession(sessionId)));
    await this.house.sessions.store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** What it rejects with is told by `outcome`. */
async function readToTheEnd(run: Run): Promise<void> {
  try {
    for await (const _ of run);
  } catch {
    // Also in `outcome`.
  }
}
