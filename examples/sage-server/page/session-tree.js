import { Child } from './child.js';
import { Conversation } from './fold-chunks.js';

/** A session and all that work for it, kept up by one stream of chunks with one cursor. */
export class SessionTree {
  /** The newest `seq` of the whole tree: where to follow from. */
  lastSeq = 0;
  /** The session's own words; none of a child's stands in them. */
  words;
  /** @type {Map<string, Child>} */
  children = new Map();
  #sessionId;

  /** @param {string | undefined} sessionId @param {{ messages: any[], last_seq: number, children: any[] }} [snapshot] */
  constructor(sessionId, snapshot = { messages: [], last_seq: 0, children: [] }) {
    this.#sessionId = sessionId;
    this.words = new Conversation(snapshot.messages);
    this.lastSeq = snapshot.last_seq;
    for (const facts of snapshot.children) this.children.set(facts.session_id, new Child(facts));
  }

  /**
   * @param {any[]} chunks
   * @returns {Map<string, Set<string>>} by session, the ids of the messages that have changed
   */
  fold(chunks) {
    /** @type {Map<string, Set<string>>} */
    const changed = new Map();
    for (const chunk of chunks) {
      this.lastSeq = Math.max(this.lastSeq, chunk.seq);
      const { session_id, message_id } = chunk;
      const speaker = session_id === this.#sessionId ? this.words : this.#childOf(chunk);
      if (!speaker?.fold(chunk)) continue;
      const ids = changed.get(session_id) ?? new Set();
      changed.set(session_id, ids.add(message_id));
    }
    return changed;
  }

  /** What the server tells of them. @param {any[]} told */
  setChildren(told) {
    for (const facts of told) {
      const known = this.children.get(facts.session_id);
      if (known) known.facts = facts;
      else this.children.set(facts.session_id, Child.fromItsBeginning(facts));
    }
  }

  /** Who was given work by a call, in the order of its tasks. @param {string} messageId @param {number} index */
  workersOf(messageId, index) {
    return [...this.children.values()].filter(
      ({ facts: { call } }) => call?.message_id === messageId && call.index === index,
    );
  }

  /**
   * Whoever no snapshot has told of has joined since: all it says is in the stream, and begins with its task.
   *
   * @param {any} chunk
   */
  #childOf({ session_id, agent_name, metadata }) {
    const known = this.children.get(session_id);
    const given = metadata?.delegation;
    if (!given) return known;
    const call = { message_id: given.message_id, index: given.index };
    if (known) {
      known.facts = { ...known.facts, call };
      return known;
    }
    const facts = { session_id, parent_id: given.session_id, agent_id: given.agent_id, agent_name, call };
    const child = Child.fromItsBeginning({ ...facts, status: 'running', nodes: [], pending_guidance: [] });
    this.children.set(session_id, child);
    return child;
  }
}
