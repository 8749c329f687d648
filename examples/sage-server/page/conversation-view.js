import { byId, element } from './elements.js';
import { isShown, renderMessage } from './render-message.js';

/** Text longer than this is not drawn anew at every frame. */
const longText = 20_000;
const longTextEveryMs = 250;

/** Draws a conversation: at most once a frame, and only what has changed. Stays at the end while its reader does. */
export class ConversationView {
  #root = byId('conversation');
  #scroll = byId('scroll');
  #latest = byId('latest');
  /** @type {import('./fold-chunks.js').Conversation | undefined} */
  #conversation;
  /** @type {Map<string, HTMLElement>} */
  #drawn = new Map();
  /** @type {Set<string>} */
  #changed = new Set();
  /** Names of agents, where several speak. @type {(message: any) => string | undefined} */
  speakerOf = () => undefined;
  #isAtEnd = true;
  #frame = 0;

  constructor() {
    this.#scroll.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < 60;
      this.#latest.hidden = this.#isAtEnd;
    });
    this.#latest.addEventListener('click', () => {
      this.#isAtEnd = true;
      this.#toEnd();
    });
  }

  /** @param {import('./fold-chunks.js').Conversation} conversation */
  paint(conversation) {
    this.#conversation = conversation;
    this.#drawn.clear();
    this.#root.replaceChildren();
    this.#isAtEnd = true;
    this.update([...conversation.messages.keys()]);
    if (conversation.messages.size === 0) this.#root.append(welcome());
  }

  /** @param {Iterable<string>} ids */
  update(ids) {
    for (const id of ids) this.#changed.add(id);
    if (this.#frame !== 0 || this.#changed.size === 0) return;
    // A hidden page has no frames; it is drawn all the same.
    const draw = () => {
      this.#frame = 0;
      this.#draw();
    };
    this.#frame = document.hidden ? setTimeout(draw, 100) : requestAnimationFrame(draw);
  }

  #draw() {
    const messages = this.#conversation?.messages ?? new Map();
    this.#root.querySelector('.welcome')?.remove();
    for (const id of this.#changed) {
      const message = messages.get(id);
      const target = message && !isShown(message) ? this.#callerOf(message.tool_call_id) : message;
      if (target) this.#drawOne(target);
    }
    this.#changed.clear();
    if (this.#isAtEnd) this.#toEnd();
  }

  /** @param {any} message */
  #drawOne(message) {
    const before = this.#drawn.get(message.message_id);
    const isLong = message.isOpen && typeof message.content === 'string' && message.content.length > longText;
    if (before && isLong && Date.now() - Number(before.dataset.at) < longTextEveryMs) {
      setTimeout(() => this.update([message.message_id]), longTextEveryMs);
      return;
    }
    const after = renderMessage(message, (callId) => this.#factsOf(callId), this.speakerOf(message));
    after.dataset.at = String(Date.now());
    this.#drawn.set(message.message_id, after);
    if (!before) {
      this.#root.append(after);
      return;
    }
    keepOpen(before, after);
    before.replaceWith(after);
  }

  /** The newest message with this call: providers use ids again. @param {string | undefined} callId */
  #callerOf(callId) {
    const messages = [...(this.#conversation?.messages.values() ?? [])];
    return messages.findLast(({ tool_calls = [] }) => tool_calls.some((call) => call?.id === callId));
  }

  /** @param {string} callId */
  #factsOf(callId) {
    const about = [...(this.#conversation?.messages.values() ?? [])].filter((one) => one.tool_call_id === callId);
    return {
      progress: about.findLast(({ message_type }) => message_type === 'tool_progress'),
      result: about.findLast(({ message_type }) => message_type !== 'tool_progress'),
    };
  }

  #toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#latest.hidden = true;
  }
}

/** What the reader has opened stays open. @param {HTMLElement} before @param {HTMLElement} after */
function keepOpen(before, after) {
  const fresh = after.querySelectorAll('details');
  before.querySelectorAll('details').forEach((details, place) => {
    if (details.open && fresh[place]) fresh[place].open = true;
  });
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
