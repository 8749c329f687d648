import type { ChildOutcome, ChildTask, Delegator, KnownChild } from '../../agents/fibre/delegator.ts';
import { Roster } from '../../agents/fibre/roster.ts';
import type { SubAgent } from '../../agents/fibre/sub-agent.ts';
import type { Entry } from '../../session/entry.ts';
import type { SessionState } from '../../session/session-state.ts';
import type { JournalRecord } from '../../session/session-store.ts';
import { linkAbort } from '../../streams/abort.ts';
import { ToolManager } from '../../tools/tool-manager.ts';
import type { CheckedOptions } from '../options/check-options.ts';
import { childOptions, folderBelow, folderOf } from './child-options.ts';
import { childOutcomeOf } from './child-result.ts';
import { ChildRun } from './child-run.ts';
import { askedInVain, closeUnfinished, closeWaitingBelow } from '../close-unfinished.ts';
import { defaultFlow } from '../default-flow.ts';
import { equipChild, equipFibre, hasFiles } from './fibre-equipment.ts';
import type { Equipment } from '../node-setup.ts';
import { hash } from '../prompt.ts';
import { graceMs } from '../options/run-options.ts';
import type { RunSandbox } from '../run-sandbox.ts';
import { SessionRun, type SessionRunDeps } from '../session-run.ts';
import { planChildStart, worksFor } from './start-child.ts';

type SharedDeps = Pick<
  SessionRunDeps,
  'journal' | 'agents' | 'conditions' | 'model' | 'permit' | 'hooks' | 'createId' | 'clock' | 'onAbandoned'
>;

export interface RunTreeDeps extends SharedDeps {
  /** Of the whole run. */
  readonly options: CheckedOptions;
  readonly thinking: string | undefined;
  readonly sandbox: RunSandbox;
  /** All that is stored of the tree. */
  readonly readRecords: () => Promise<readonly JournalRecord[]>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Has a branch be read beside the run's own; what it gives takes it out again. */
  readonly join: (branch: AsyncGenerator<unknown, void>) => () => void;
}

/**
 * The children of one run, however deep. They are read beside the root and not through those who delegate, so that a word of
 * theirs costs what a word of the root does; who delegates waits for what they come to.
 */
export class RunTree {
  readonly #deps: RunTreeDeps;
  readonly #live = new Map<string, ChildRun>();
  /** Sessions that a call has fixed which has not ended. */
  readonly #reserved = new Set<string>();

  constructor(deps: RunTreeDeps) {
    this.#deps = deps;
  }

  /** A child that is at work. */
  live(sessionId: string): ChildRun | undefined {
    return this.#live.get(sessionId);
  }

  /** Stops a child alone, with those that work for it, and resolves when it has ended. False where it is not at work. */
  async stop(sessionId: string, note: string | undefined): Promise<boolean> {
    const child = this.#live.get(sessionId);
    if (child === undefined) return false;
    child.stop(note);
    const below = [...this.#live.values()].filter((other) => other.run.state.isBelow(child.run.state));
    for (const other of below) other.leave();
    // What is deaf to its signal is left behind.
    const timer = setTimeout(() => [...below.toReversed(), child].forEach((one) => one.giveUp()), graceMs + 400);
    await child.ended.finally(() => clearTimeout(timer));
    return true;
  }

  /** What an agent that delegates is given; `options` are its own, and those of its children never go beyond them. */
  equip(session: SessionState, options: CheckedOptions): Equipment {
    return equipFibre(this.#delegatorFor(session, options));
  }

  stopAccepting(): void {
    for (const { run } of this.#live.values()) run.isAccepting = false;
  }

  /**
   * What is to be stored of children whose run has no end: the whole run ends. Those that wait for a person are given up with it,
   * unless it waits with them. Those that work for others come first.
   */
  cut({ isWaiting }: { readonly isWaiting: boolean }): Entry[] {
    const { journal, createId } = this.#deps;
    const left = journal.state.children.filter((child) => (isWaiting ? child.isOpen : child.isUnfinished));
    return left
      .toReversed()
      .flatMap(
        (session) => this.#live.get(session.sessionId)?.cut() ?? closeUnfinished(session, createId, askedInVain),
      );
  }

  #delegatorFor(session: SessionState, options: CheckedOptions): Delegator {
    const { limits, subAgents, toolManager = new ToolManager() } = options;
    return {
      roster: new Roster(subAgents),
      state: { get: (key) => session.ledger.state.get(key) },
      agentId: session.joined?.agent_id,
      depth: session.depth,
      limits,
      tools: toolManager,
      createId: this.#deps.createId,
      childrenLeft: () => limits.maxChildrenPerTree - this.#countNew(),
      findChild: (sessionId) => this.#find(sessionId, session),
      reserve: (sessionIds) => sessionIds.forEach((id) => this.#reserved.add(id)),
      release: (sessionIds) => sessionIds.forEach((id) => this.#reserved.delete(id)),
      runChild: (task) => this.#runChild(task, session, options),
    };
  }

  /** Children that joined in this run, and those that are about to. */
  #countNew(): number {
    const { journal } = this.#deps;
    const runId = journal.state.lastRun?.runId;
    const joined = journal.state.children.filter(({ joinedIn }) => joinedIn === runId);
    const coming = [...this.#reserved].filter((id) => journal.state.session(id) === undefined);
    return joined.length + coming.length;
  }

  #find(sessionId: string, parent: SessionState): KnownChild | undefined {
    const { state } = this.#deps.journal;
    const child = state.session(sessionId);
    const isBusy = this.#reserved.has(sessionId);
    if (child === undefined) return state.named.has(sessionId) ? { type: 'unbegun', isBusy } : undefined;
    if (child.joined === undefined || child.parent !== parent) return { type: 'foreign' };
    return { type: 'child', agentId: child.joined.agent_id, isBusy };
  }

  async #runChild(task: ChildTask, parent: SessionState, given: CheckedOptions): Promise<ChildOutcome | 'waiting'> {
    const { agent, agentId } = task;
    const options = agent && childOptions(agent, { run: this.#deps.options, parent: given });
    const folder = hasFiles(options ?? given) ? folderBelow(agentId, task.sessionId) : '';
    const known = this.#deps.journal.state.session(task.sessionId);
    const ended = known !== undefined && worksFor(known, task.call) ? known.lastRun?.ended : undefined;
    if (ended !== undefined && ended.status !== 'waiting') return childOutcomeOf(ended, folder);
    if (agent === undefined || options === undefined) return isGone(agentId, folder);
    if (known !== undefined && !known.isLoaded) known.load(await this.#deps.readRecords());
    if (task.signal.aborted) return notBegun(folder);
    const child = known ?? this.#join({ ...task, agent }, parent);
    const end = await this.#begin({ ...task, agent }, child, options);
    return end.status === 'waiting' ? 'waiting' : childOutcomeOf(end, folder);
  }

  #join({ sessionId, agentId, agent }: BegunTask, parent: SessionState): SessionState {
    const { journal } = this.#deps;
    const who = { agent_id: agentId, agent_name: agent.name };
    journal.append([{ type: 'child_started', session_id: sessionId, parent_id: parent.sessionId, ...who }]);
    return journal.state.session(sessionId) as SessionState;
  }

  async #begin(task: BegunTask, child: SessionState, options: CheckedOptions) {
    const { options: _run, thinking, sandbox, readRecords: _read, now, join, ...shared } = this.#deps;
    using scope = linkAbort(task.signal);
    const sessionRun = new SessionRun(child, options, {
      ...shared,
      flow: defaultFlow,
      signal: scope.signal,
      workplace: sandbox.folder(folderOf(child)),
      agentName: task.agent.name,
      setup: {
        thinking,
        forAll: [equipChild(options)],
        forFibre: options.agentMode === 'fibre' ? (own) => this.equip(child, own) : undefined,
      },
    });
    const start = planChildStart(child, task, {
      options,
      runId: shared.createId(),
      flow: hash(JSON.stringify(defaultFlow.root)),
      asked: { agentMode: task.agent.agent_mode, thinking, plan: false, moreSuggest: false, forceSummary: false },
      prefix: sessionRun.prefix,
      createId: shared.createId,
      now: now(),
    });
    shared.journal.append(start.entries);
    sessionRun.begin(start.runId);
    const childRun = new ChildRun(sessionRun, {
      journal: shared.journal,
      abort: scope.abort,
      closeBelow: () => closeWaitingBelow(child, shared.journal.state, shared.createId),
      onEnded: () => this.#live.delete(child.sessionId),
    });
    this.#live.set(child.sessionId, childRun);
    childRun.join(join);
    return await childRun.ended;
  }
}

interface BegunTask extends ChildTask {
  readonly agent: SubAgent;
}

/** Whatever it has begun is closed with the run. */
function isGone(agentId: string, folder: string): ChildOutcome {
  const error = `There is no agent "${agentId}" any more.`;
  return { status: 'failed', reason: 'unknown-agent', text: '', error, folder };
}

function notBegun(folder: string): ChildOutcome {
  return { status: 'interrupted', reason: 'aborted', text: '', error: 'It was stopped before it had begun.', folder };
}
