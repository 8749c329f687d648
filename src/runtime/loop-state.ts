import { completedState, observationState, planState } from '../agents/multi/multi-state.ts';
import { checkedState, passedState } from '../agents/self-check/self-check-state.ts';
import type { StatePiece } from '../agents/state-piece.ts';
import { nodesOf, withoutTurns } from '../flow/agent-nodes.ts';
import type { FlowNode, LoopNode } from '../flow/flow.ts';
import type { Session } from '../session/session.ts';

/** What agents keep for the conditions that loops are built on. */
const keptFor: Readonly<Record<string, readonly Pick<StatePiece<unknown>, 'cleared'>[]>> = {
  self_check_should_retry: [passedState, checkedState],
  task_not_completed: [completedState, planState, observationState],
};

/**
 * A loop begins without what an earlier one on the same condition has come to: state belongs to the run, and the second loop would
 * be over before it began. What agents outside of loops have found counts.
 */
export class LoopState {
  readonly #session: Session;
  /** Conditions on which a loop is done. */
  readonly #ended = new Set<string>();

  /** `root` is the flow's; the trace tells of the loops of earlier attempts. */
  constructor(session: Session, root: FlowNode) {
    this.#session = session;
    const ended = session.trace?.list().filter(({ node_type, outcome }) => node_type === 'loop' && outcome === 'done');
    if (ended === undefined || ended.length === 0) return;
    const nodes = nodesOf(root);
    for (const { path } of ended) {
      const node = nodes.get(withoutTurns(path));
      if (node?.node_type === 'loop') this.end(node);
    }
  }

  /** It is entered for the first time: not at each turn, and not again after a crash. */
  begin({ condition }: LoopNode): void {
    if (!this.#ended.has(condition)) return;
    const pieces = keptFor[condition] ?? [];
    if (pieces.length > 0) this.#session.append(pieces.map((piece) => piece.cleared()));
  }

  end({ condition }: LoopNode): void {
    this.#ended.add(condition);
  }
}
