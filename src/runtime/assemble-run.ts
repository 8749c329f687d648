import type { Agent } from '../agents/agent.ts';
import { HookRunner } from '../agents/hook-runner.ts';
import type { RunContext } from '../agents/run-context.ts';
import type { Conditions } from '../flow/conditions.ts';
import type { AgentFlow } from '../flow/flow.ts';
import type { ChatModel } from '../model/model.ts';
import type { Journal } from '../session/journal.ts';
import type { JournalRecord } from '../session/session-store.ts';
import type { ActiveClock } from '../streams/active-clock.ts';
import { BranchGroup } from '../streams/branch-group.ts';
import { linkAbort, type LinkedAbort } from '../streams/abort.ts';
import { Approvals } from './confirmation/approvals.ts';
import { askedOf, type Asked } from './options/asked.ts';
import type { CheckedOptions } from './options/check-options.ts';
import type { WorkEnd } from './close-run.ts';
import { usesFibre } from './default-flow.ts';
import { createJudge } from './confirmation/judge-calls.ts';
import type { Sessions } from './open-journal.ts';
import { graceMs } from './options/run-options.ts';
import type { RunSandbox } from './run-sandbox.ts';
import { folderOf } from './children/child-options.ts';
import { RunTree } from './children/run-tree.ts';
import { SessionRun } from './session-run.ts';

export interface AssembleDeps {
  readonly journal: Journal;
  readonly sessions: Sessions;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly conditions: Conditions<RunContext>;
  readonly flow: AgentFlow;
  readonly model: ChatModel;
  readonly sandbox: RunSandbox;
  readonly clock: ActiveClock;
  readonly signal: AbortSignal;
  readonly readRecords: () => Promise<readonly JournalRecord[]>;
  readonly onAbandoned: (toolName: string) => void;
}

/** What a run is made of, once its session is open. */
export interface RunParts {
  readonly asked: Asked;
  readonly root: SessionRun;
  /** Its children. */
  readonly tree: RunTree;
  readonly permit: Approvals;
  /** Its signal also aborts when a bug ends the run. */
  readonly scope: LinkedAbort;
  /** The root, and with it the children that join on the way. To be called when the root has begun. */
  readonly work: () => AsyncGenerator<unknown, WorkEnd>;
}

/** Puts the parts together. Nothing is stored, and nothing runs yet. */
export function assembleRun(options: CheckedOptions, deps: AssembleDeps): RunParts {
  const { journal, sessions, agents, conditions, flow, model, sandbox, clock, readRecords, onAbandoned } = deps;
  const { createId, clock: now } = sessions;
  const { hooks, deadlines, whenApprovalNeeded: whenNeeded = 'deny' } = options;
  const { root: state } = journal.state;
  const asked = askedOf(options, state);
  const { thinking } = asked;
  const scope = linkAbort(deps.signal);
  const group = new BranchGroup<unknown>({ abort: scope.abort, graceMs });
  const folderIn = (sessionId: string) => folderOf(journal.state.session(sessionId) ?? state);
  const permit = new Approvals({ journal, createId, now, whenNeeded, judge: createJudge(options, state, folderIn) });
  const shared = {
    journal,
    permit,
    hooks: hooks && new HookRunner(hooks, { clock, ms: deadlines.hookMs }),
    agents,
    conditions,
    clock,
    model,
    createId,
    onAbandoned,
  };
  const join = (branch: AsyncGenerator<unknown, void>) => group.join(branch);
  const tree = new RunTree({ ...shared, options, thinking, sandbox, readRecords, now, join });
  const forFibre = usesFibre(flow, asked.agentMode) ? (own: CheckedOptions) => tree.equip(state, own) : undefined;
  const setup = { thinking, forAll: [], forFibre };
  const root = new SessionRun(state, options, { ...shared, flow, signal: scope.signal, workplace: sandbox, setup });
  // Where nobody delegates nobody can join, and a batch takes the shorter way.
  const work = () => (forFibre === undefined ? root.work() : group.run(root.work()));
  return { asked, root, tree, permit, scope, work };
}
