import { ConfirmationCard } from './confirmation-card.js';

/** The cards of all that people are asked in a tree, each in the words of whoever asks. */
export class ConfirmationView {
  #answer;
  #state = /** @type {{ pending: Set<string>, isOver: boolean }} */ ({ pending: new Set(), isOver: false });
  /** @type {Map<string, { card: ConfirmationCard, closed: import('./asked-of.js').Closed | undefined, isDone: boolean }>} */
  #cards = new Map();

  /** @param {(confirmationId: string, answer: any) => Promise<unknown>} answer */
  constructor(answer) {
    this.#answer = answer;
  }

  /**
   * @param {import('./asked-of.js').Confirmation} confirmation
   * @param {boolean} isDone whether its call has a result
   */
  cardOf = ({ asked, closed }, isDone) => {
    const id = asked.confirmation_id;
    const known = this.#cards.get(id)?.card;
    const card = known ?? new ConfirmationCard(asked, (answer) => this.#answer(id, answer));
    this.#cards.set(id, { card, closed, isDone });
    this.#show(id);
    return card.element;
  };

  /** What is open is for the server to say. @param {any} state */
  refresh({ pending_confirmations = [], status } = {}) {
    const pending = new Set(pending_confirmations.map(({ confirmation_id }) => confirmation_id));
    this.#state = { pending, isOver: status !== 'running' && status !== 'waiting' };
    for (const id of this.#cards.keys()) this.#show(id);
  }

  /** @param {string} id */
  #show(id) {
    const { card, closed, isDone } = this.#cards.get(id) ?? {};
    const { pending, isOver } = this.#state;
    card?.show({ closed, isOpen: !closed && !isDone && pending.has(id), isOver: isOver || isDone === true });
  }
}
