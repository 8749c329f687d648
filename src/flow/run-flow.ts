import { linkAbort } from '../streams/abort.ts';
import { mergeBranches } from '../streams/merge-branches.ts';
import {
  caseName,
  childrenOf,
  type AgentNode,
  type FlowNode,
  type IfNode,
  type LoopNode,
  type ParallelNode,
  type SequenceNode,
  type SwitchNode,
} from './flow.ts';

/** Where in a run a node is: its path from the root, with loop turns, and the signal of its branch. */
export interface NodePlace {
  /** `root/steps/0/body/2`: the second turn of the loop that is the first step. */
  readonly path: string;
  readonly signal: AbortSignal;
}

/** What a flow itself comes to, beside what its agents come to. */
export type FlowEnd = { readonly type: 'done' } | { readonly type: 'stopped' };

/** What the run remembers of its nodes, also of earlier attempts: the flow's program counter. */
export interface FlowTrace<Outcome> {
  /** Of a node that was left: it is not run again. */
  outcomeOf(path: string): Outcome | undefined;
  /** Of a choice that was made: it is not made again. */
  decisionOf(path: string): string | undefined;
  wasEntered(path: string): boolean;
  /** `decision` is the name of the child a choice has taken, or `none`. */
  entered(path: string, node: FlowNode, decision?: string): void;
  /** `note` tells what the outcome does not: a loop that has used up its turns. */
  left(path: string, outcome: Outcome | FlowEnd, note?: string): void;
}

/** What a flow is handed from above: it knows no agents and no sessions. */
export interface FlowHost<Batch, Outcome extends { readonly type: string }> {
  readonly trace: FlowTrace<Outcome>;
  runAgent(node: AgentNode, place: NodePlace): AsyncGenerator<Batch, Outcome>;
  /** Asks a condition. Rejects when the signal aborts, and where the condition fails. */
  holds(condition: string, signal: AbortSignal): Promise<boolean>;
  /** What loops have come to: told of one that begins, once and not at each turn, and of one that is done. */
  readonly loops: { begin(node: LoopNode): void; end(node: LoopNode): void };
  /** What a switch looks up; `undefined` where nobody has set it. */
  valueOf(variable: string): string | undefined;
  /** How long branches that are stopped may take to end. */
  readonly graceMs: number;
}

type Walk<Batch, Outcome> = AsyncGenerator<Batch, Outcome | FlowEnd>;

const done: FlowEnd = { type: 'done' };

/** Walks the flow from its root, yields what its agents yield, and returns what it came to. */
export function runFlow<Batch, Outcome extends { readonly type: string }>(
  root: FlowNode,
  signal: AbortSignal,
  host: FlowHost<Batch, Outcome>,
): Walk<Batch, Outcome> {
  return runNode(root, { path: 'root', signal }, host);
}

/**
 * Runs one node, unless an earlier attempt has left it. Anything but `done` ends the flow where it is, so it is what the flow
 * comes to.
 */
export function runNode<Batch, Outcome extends { readonly type: string }>(
  node: FlowNode,
  place: NodePlace,
  host: FlowHost<Batch, Outcome>,
): Walk<Batch, Outcome> {
  const known = host.trace.outcomeOf(place.path);
  if (known !== undefined) return endAt(known);
  if (place.signal.aborted) return endAt({ type: 'stopped' });
  switch (node.node_type) {
    case 'agent':
      return runAgent(node, place, host);
    case 'sequence':
      return runSequence(node, place, host);
    case 'parallel':
      return runParallel(node, place, host);
    case 'loop':
      return runLoop(node, place, host);
    case 'if':
    case 'switch':
      return runChoice(node, place, host);
  }
}

// oxlint-disable-next-line require-yield -- It is over before it begins.
async function* endAt<Outcome>(outcome: Outcome): AsyncGenerator<never, Outcome> {
  return outcome;
}

async function* runAgent<Batch, Outcome extends { readonly type: string }>(
  node: AgentNode,
  place: NodePlace,
  host: FlowHost<Batch, Outcome>,
): Walk<Batch, Outcome> {
  host.trace.entered(place.path, node);
  const outcome = yield* host.runAgent(node, place);
  host.trace.left(place.path, outcome);
  return outcome;
}

async function* runSequence<Batch, Outcome extends { readonly type: string }>(
  node: SequenceNode,
  place: NodePlace,
  host: FlowHost<Batch, Outcome>,
): Walk<Batch, Outcome> {
  host.trace.entered(place.path, node);
  let outcome: Outcome | FlowEnd = done;
  for (const [index, step] of node.steps.entries()) {
    outcome = yield* runNode(step, inside(place, `steps/${index}`), host);
    if (outcome.type !== 'done') break;
  }
  host.trace.left(place.path, outcome);
  return outcome;
}

/** A branch that fails closes its siblings; after any other end of a branch its siblings go on. */
async function* runParallel<Batch, Outcome extends { readonly type: string }>(
  node: ParallelNode,
  place: NodePlace,
  host: FlowHost<Batch, Outcome>,
): Walk<Batch, Outcome> {
  host.trace.entered(place.path, node);
  using scope = linkAbort(place.signal);
  const branches = node.branches.map((branch, index) => () => {
    const at = { path: `${place.path}/branches/${index}`, signal: scope.signal };
    return throwFailure(runNode(branch, at, host));
  });
  let outcome: Outcome | FlowEnd;
  try {
    const { graceMs } = host;
    const outcomes = yield* mergeBranches(branches, { limit: node.max_concurrency, abort: scope.abort, graceMs });
    outcome = outcomes.find(({ type }) => type !== 'done') ?? done;
  } catch (error) {
    if (!(error instanceof BranchFailed)) throw error;
    outcome = error.outcome as Outcome;
  }
  host.trace.left(place.path, outcome);
  return outcome;
}

/** To `mergeBranches` a failure is an error: that is what closes siblings. */
class BranchFailed extends Error {
  readonly outcome: unknown;

  constructor(outcome: unknown) {
    super('A branch of the flow failed.');
    this.outcome = outcome;
  }
}

async function* throwFailure<Batch, Outcome extends { readonly type: string }>(
  branch: AsyncGenerator<Batch, Outcome>,
): AsyncGenerator<Batch, Outcome> {
  const outcome = yield* branch;
  if (outcome.type === 'failed') throw new BranchFailed(outcome);
  return outcome;
}

async function* runLoop<Batch, Outcome extends { readonly type: string }>(
  node: LoopNode,
  place: NodePlace,
  host: FlowHost<Batch, Outcome>,
): Walk<Batch, Outcome> {
  const isNew = !host.trace.wasEntered(place.path);
  host.trace.entered(place.path, node);
  if (isNew) host.loops.begin(node);
  const ended = yield* runTurns(node, place, host);
  const outcome = ended ?? done;
  if (outcome.type === 'done') host.loops.end(node);
  host.trace.left(place.path, outcome, ended === undefined ? 'max_loops' : undefined);
  return outcome;
}

/** `undefined` when all turns are used up. */
async function* runTurns<Batch, Outcome extends { readonly type: string }>(
  node: LoopNode,
  place: NodePlace,
  host: FlowHost<Batch, Outcome>,
): AsyncGenerator<Batch, Outcome | FlowEnd | undefined> {
  for (let turn = 1; turn <= node.max_loops; turn += 1) {
    const body = inside(place, `body/${turn}`);
    // A turn that was entered before a crash has been decided on.
    const goesOn = host.trace.wasEntered(body.path) || (await host.holds(node.condition, place.signal));
    if (!goesOn) return done;
    const outcome = yield* runNode(node.body, body, host);
    if (outcome.type !== 'done') return outcome;
  }
  return undefined;
}

async function* runChoice<Batch, Outcome extends { readonly type: string }>(
  node: IfNode | SwitchNode,
  place: NodePlace,
  host: FlowHost<Batch, Outcome>,
): Walk<Batch, Outcome> {
  const decision = host.trace.decisionOf(place.path) ?? (await decide(node, place, host));
  host.trace.entered(place.path, node, decision);
  const chosen = childrenOf(node).find(({ name }) => name === decision);
  const outcome = chosen === undefined ? done : yield* runNode(chosen.node, inside(place, chosen.name), host);
  host.trace.left(place.path, outcome);
  return outcome;
}

/** The name of the child to take, or `none`. */
async function decide<Batch, Outcome extends { readonly type: string }>(
  node: IfNode | SwitchNode,
  { signal }: NodePlace,
  host: FlowHost<Batch, Outcome>,
): Promise<string> {
  if (node.node_type === 'switch') return caseFor(node, host.valueOf(node.variable));
  if (await host.holds(node.condition, signal)) return 'true_body';
  return node.false_body === undefined ? 'none' : 'false_body';
}

function caseFor({ cases, default: otherwise }: SwitchNode, value: string | undefined): string {
  if (value !== undefined && Object.hasOwn(cases, value)) return caseName(value);
  return otherwise === undefined ? 'none' : 'default';
}

function inside({ path, signal }: NodePlace, name: string): NodePlace {
  return { path: `${path}/${name}`, signal };
}
