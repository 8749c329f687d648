import { ConfirmationView } from './confirmation-view.js';
import { byId, element } from './elements.js';
import { MessageList } from './message-list.js';
import { stayAtEnd } from './stay-at-end.js';
import { TeamView } from './team-view.js';

/** Draws a session: its own words, and in them, under their delegations, those of its children. */
export class ConversationView {
  #root = byId('conversation');
  #toEnd;
  #acts;
  /** @type {MessageList | undefined} */
  #list;
  /** @type {TeamView | undefined} */
  #team;
  /** @type {ConfirmationView | undefined} */
  #confirmations;
  #sessionId = '';
  /** Names of agents, where several speak. @type {(message: any) => string | undefined} */
  speakerOf = () => undefined;

  /** @param {import('./team-view.js').Acts} acts */
  constructor(acts) {
    this.#acts = acts;
    const latest = byId('latest');
    this.#toEnd = stayAtEnd(byId('scroll'), this.#root, (isAtEnd) => (latest.hidden = isAtEnd));
    latest.addEventListener('click', this.#toEnd);
  }

  /** @param {string} sessionId @param {import('./session-tree.js').SessionTree} tree @param {any} state what the server tells beside the words */
  paint(sessionId, tree, state) {
    this.#sessionId = sessionId;
    this.#root.replaceChildren(...(tree.words.messages.size === 0 ? [welcome()] : []));
    this.#confirmations = new ConfirmationView(this.#acts.answer);
    this.#confirmations.refresh(state);
    const confirmationCardOf = this.#confirmations.cardOf;
    this.#team = new TeamView(tree, this.#acts, confirmationCardOf);
    this.#list = new MessageList(this.#root, tree.words, {
      cardOf: this.#team.cardOf,
      confirmationCardOf,
      speakerOf: (message) => this.speakerOf(message),
    });
    this.#toEnd();
  }

  /** @param {Map<string, Set<string>>} changed by session, ids of messages */
  update(changed) {
    const own = changed.get(this.#sessionId);
    if (own) this.#root.querySelector('.welcome')?.remove();
    this.#list?.update(own ?? []);
    this.#team?.update(changed);
  }

  /** What is told of children, and of what people are asked, has changed. @param {any} state */
  refresh(state) {
    this.#team?.refresh();
    this.#confirmations?.refresh(state);
  }
}

function welcome() {
  return element(
    'div',
    { class: 'welcome' },
    element('h2', { text: 'Ask, then steer.' }),
    element('p', {
      text: 'While the agent works, type what it should know: it reads you before its next step. Until then you can change your mind.',
    }),
  );
}
