import { resultsOf, tasksOf } from './assign-workers.js';
import { callKey } from './child.js';
import { DelegationCard } from './delegation-card.js';
import { textOf } from './fold-chunks.js';

/**
 * What can be done about a child, and about what people are asked.
 * @typedef {{ takeSnapshot: (sessionId: string) => Promise<any>, stop: (sessionId: string) => Promise<unknown>,
 *   steer: (sessionId: string, text: string) => Promise<unknown>,
 *   answer: (confirmationId: string, answer: any) => Promise<unknown> }} Acts
 */

/** The cards of all delegations of a tree, those of children in their columns. */
export class TeamView {
  #tree;
  #acts;
  #confirmationCardOf;
  /** @type {Map<string, DelegationCard>} */
  #cards = new Map();

  /** @param {import('./session-tree.js').SessionTree} tree @param {Acts} acts @param {any} confirmationCardOf see `MessageList` */
  constructor(tree, acts, confirmationCardOf) {
    this.#tree = tree;
    this.#acts = acts;
    this.#confirmationCardOf = confirmationCardOf;
  }

  /**
   * The card of a delegating call; `undefined` for any other call, and for one that was refused.
   *
   * @param {import('./fold-chunks.js').Message} message
   * @param {number} index
   * @param {{ result?: any }} facts
   */
  cardOf = (message, index, { result }) => {
    const tasks = tasksOf(message.tool_calls?.[index]);
    if (!tasks) return undefined;
    const key = callKey(message.message_id, index);
    const hasBegun = this.#tree.workersOf(message.message_id, index).length > 0;
    if (result && !hasBegun && !resultsOf(textOf(result.content))) return undefined;
    const known = this.#cards.get(key);
    const place = { messageId: message.message_id, index };
    const cards = { cardOf: this.cardOf, confirmationCardOf: this.#confirmationCardOf };
    const card = known ?? new DelegationCard(tasks, place, { tree: this.#tree, acts: this.#acts, cards });
    this.#cards.set(key, card);
    card.show(result);
    return card.element;
  };

  /** @param {Map<string, Set<string>>} changed by session, ids of messages */
  update(changed) {
    for (const card of this.#cards.values()) card.update(changed);
  }

  /** What is told of children has changed. */
  refresh() {
    for (const card of this.#cards.values()) card.refresh();
  }
}
