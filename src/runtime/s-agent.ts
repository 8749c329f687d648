import { nanoid } from 'nanoid';
import type { Agent } from '../agents/agent.ts';
import { simpleAgent } from '../agents/simple.ts';
import { createFileStore } from '../session/file-store/file-store.ts';
import type { SandboxType } from '../sandbox/sandbox.ts';
import { StateCache } from '../session/state-cache.ts';
import { checkOptions, readSandboxType } from './check-options.ts';
import { invalid } from './check-values.ts';
import { defaultFlow } from './default-flow.ts';
import { LiveSessions } from './live-sessions.ts';
import { Run } from './run.ts';
import { RunBody } from './run-body.ts';
import type { RunOptions } from './run-options.ts';
import type { RunOutcome } from './run-outcome.ts';
import { SessionHelpers, type House } from './session-helpers.ts';

export interface SAgentOptions {
  /** The folder that holds the sessions; made if missing. */
  readonly sessionRootSpace: string;
  /** The sandbox of runs that name none. Default `SAGE_SANDBOX_MODE`, else `'local'`. */
  readonly sandboxType?: SandboxType;
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

const agents: ReadonlyMap<string, Agent> = new Map([[simpleAgent.key, simpleAgent]]);

/**
 * The runtime: runs agents, and keeps their sessions under one folder. Two `SAgent`s share nothing but what is stored.
 *
 * Close it when the host shuts down: that stops what still runs.
 */
export class SAgent extends SessionHelpers implements AsyncDisposable {
  readonly #house: House;
  readonly #sandboxType: SandboxType | undefined;

  /** @throws {SageError} `invalid-argument`. */
  constructor({ sessionRootSpace, sandboxType, clock = Date.now, createId = () => nanoid() }: SAgentOptions) {
    if (typeof sessionRootSpace !== 'string' || sessionRootSpace === '') {
      throw invalid('sessionRootSpace', sessionRootSpace, 'a folder');
    }
    if (sandboxType !== undefined) readSandboxType(sandboxType);
    const store = createFileStore(sessionRootSpace);
    const house = {
      sessions: { store, cache: new StateCache(), clock, createId, edits: new Map() },
      live: new LiveSessions(),
    };
    super(house);
    this.#house = house;
    this.#sandboxType = sandboxType;
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
    const checked = checkOptions(options, this.#sandboxType);
    const { sessions, live } = this.#house;
    const sessionId = checked.sessionId ?? sessions.createId();
    return new Run({
      createBody: (clock, signal) =>
        new RunBody(sessionId, checked, { sessions, agents, flow: defaultFlow, clock, signal }),
      signal: checked.signal,
      totalMs: checked.deadlines.totalMs,
      durability: checked.durability,
      enter: (run) => live.enter(run),
    });
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
    return new SessionHelpers(this.#house, tenantId);
  }

  /** Stops every run of this agent, and resolves when all have ended. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#house.live.list().map(({ sessionId }) => this.interruptSession(sessionId)));
    await this.#house.sessions.store.close();
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
