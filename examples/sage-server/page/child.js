import { Conversation } from './fold-chunks.js';

/**
 * What the server tells of a child.
 * @typedef {{ session_id: string, parent_id: string, agent_id: string, agent_name?: string, status: string,
 *   result?: { status: string, reason: string, error?: string },
 *   call?: { message_id: string, index: number }, nodes: { path: string, agent_key?: string }[],
 *   pending_guidance: { guidance_id: string, content: unknown }[] }} ChildFacts
 */

/** A session that works for another one. Its words may not be known yet: they are asked for when somebody wants to see them. */
export class Child {
  /** @type {ChildFacts} */
  facts;
  /** @type {Conversation | undefined} */
  words;
  /** What is said while its words are on their way. @type {any[] | undefined} */
  #waiting;
  /** By message, the call that its task was given with. @type {Map<string, string>} */
  #callOf = new Map();
  #call = '';

  /** @param {ChildFacts} facts */
  constructor(facts) {
    this.facts = facts;
  }

  /** One of whom every word will come. @param {ChildFacts} facts */
  static fromItsBeginning(facts) {
    const child = new Child(facts);
    child.words = new Conversation();
    return child;
  }

  /** @param {any} chunk @returns {boolean} whether a message that is known has changed */
  fold(chunk) {
    this.#waiting?.push(chunk);
    if (!this.words) return false;
    this.#place(chunk);
    return this.words.fold(chunk);
  }

  /**
   * Reads its words, unless that is done or under way. What is said meanwhile comes after them, and nothing of it twice.
   *
   * @param {(sessionId: string) => Promise<{ messages: any[] }>} takeSnapshot
   */
  async load(takeSnapshot) {
    if (this.words || this.#waiting) return;
    const waiting = (this.#waiting = []);
    try {
      const { messages } = await takeSnapshot(this.facts.session_id);
      this.words = new Conversation(messages);
      for (const message of messages) this.#place(message);
    } finally {
      this.#waiting = undefined;
    }
    for (const chunk of waiting) this.fold(chunk);
  }

  /** Whether a message is of its work on one call's task: it may have had others. @param {string} messageId @param {string} call */
  hasSaidFor(messageId, call) {
    return this.#callOf.get(messageId) === call;
  }

  /** @param {any} message */
  #place({ message_id, metadata }) {
    const given = metadata?.delegation;
    if (given) this.#call = callKey(given.message_id, given.index);
    if (!this.#callOf.has(message_id)) this.#callOf.set(message_id, this.#call);
  }
}

/** One call, among all of a tree. @param {string} messageId @param {number} index */
export const callKey = (messageId, index) => `${messageId}#${index}`;
