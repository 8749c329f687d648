import { confirmationsOf, messageAskedAbout } from './asked-of.js';
import { element } from './elements.js';
import { isShown, renderMessage } from './render-message.js';
import { replaceParts } from './replace-parts.js';

/** Text longer than this is not drawn anew at every frame. */
const longText = 20_000;
const longTextEveryMs = 250;

/** Draws the words of one session: at most once a frame, and only what has changed. */
export class MessageList {
  #root;
  #conversation;
  #options;
  /** @type {Map<string, HTMLElement>} */
  #drawn = new Map();
  /** @type {Set<string>} */
  #changed = new Set();
  #frame = 0;

  /**
   * @param {HTMLElement} root
   * @param {import('./fold-chunks.js').Conversation} conversation
   * @param {{ speakerOf?: (message: any) => string | undefined, mayShow?: (message: any) => boolean,
   *   cardOf: (message: any, index: number, facts: { progress?: any, result?: any }) => HTMLElement | undefined,
   *   confirmationCardOf: (confirmation: import('./asked-of.js').Confirmation, isDone: boolean) => HTMLElement }} options
   *   `cardOf` gives calls that have a card of their own
   */
  constructor(root, conversation, options) {
    this.#root = root;
    this.#conversation = conversation;
    this.#options = options;
    this.update(conversation.messages.keys());
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
    for (const id of this.#changed) {
      const message = this.#conversation.messages.get(id);
      const target = message && !isShown(message) ? this.#callerOf(message) : message;
      if (target && this.#options.mayShow?.(target) !== false) this.#drawOne(target);
    }
    this.#changed.clear();
  }

  /** @param {any} message */
  #drawOne(message) {
    const before = this.#drawn.get(message.message_id);
    const isLong = message.isOpen && typeof message.content === 'string' && message.content.length > longText;
    if (before && isLong && Date.now() - Number(before.dataset.at) < longTextEveryMs) {
      setTimeout(() => this.update([message.message_id]), longTextEveryMs);
      return;
    }
    const { role, message_type, message_id } = message;
    const article = before ?? element('article', { 'data-id': message_id });
    article.className = `message ${role} ${message_type}`;
    article.dataset.at = String(Date.now());
    const { cardOf, confirmationCardOf, speakerOf } = this.#options;
    const factsOf = (/** @type {number} */ index) => this.#factsOf(message, index);
    const speaker = speakerOf?.(message);
    replaceParts(article, renderMessage(message, { factsOf, cardOf, confirmationCardOf, speaker }));
    if (before) return;
    this.#drawn.set(message_id, article);
    this.#root.append(article);
  }

  /** The message whose call another one is about: the newest with it, for providers use ids again. @param {any} message */
  #callerOf(message) {
    const messages = [...this.#conversation.messages.values()];
    if (message.message_type === 'confirmation')
      return this.#conversation.messages.get(messageAskedAbout(message, messages) ?? '');
    return messages.findLast(({ tool_calls = [] }) => tool_calls.some((call) => call?.id === message.tool_call_id));
  }

  /** @param {any} message @param {number} index of its call */
  #factsOf({ message_id, tool_calls }, index) {
    const messages = [...this.#conversation.messages.values()];
    const about = messages.filter((one) => one.tool_call_id === tool_calls[index].id);
    return {
      confirmations: confirmationsOf(messages, message_id, index),
      progress: about.findLast(({ message_type }) => message_type === 'tool_progress'),
      result: about.findLast(({ message_type }) => message_type !== 'tool_progress'),
    };
  }
}
