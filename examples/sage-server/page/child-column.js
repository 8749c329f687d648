import { callKey } from './child.js';
import { ChildControls } from './child-controls.js';
import { element, setText } from './elements.js';
import { MessageList } from './message-list.js';
import { onceSeen } from './once-seen.js';
import { stayAtEnd } from './stay-at-end.js';

const states = {
  waiting: 'Waiting',
  asking: 'Waits for you',
  running: 'Working',
  completed: 'Done',
  failed: 'Failed',
  interrupted: 'Stopped',
};

/** One task, and whoever works on it: who, how far, in which node, and every word. */
export class ChildColumn {
  element;
  /** @type {string | undefined} */
  sessionId;
  /** `waiting`, `asking` where a person is to answer first, or what became of the task so far. */
  state = 'waiting';
  #key;
  #options;
  /** @type {import('./child.js').Child | undefined} */
  #child;
  /** @type {MessageList | undefined} */
  #list;
  #isSeen = false;
  #task;
  #who;
  #state = element('span', { class: 'state' });
  #node = element('code', { class: 'at' });
  #content = element('div');
  #error = element('p', { class: 'came' });
  #controls;

  /**
   * @param {import('./assign-workers.js').Task} task
   * @param {{ messageId: string, index: number }} place of the call that gives it
   * @param {{ acts: import('./team-view.js').Acts, cards: any }} options
   */
  constructor({ agent_id, task_name }, { messageId, index }, options) {
    this.#key = callKey(messageId, index);
    this.#options = options;
    this.#task = task_name;
    this.#who = element('strong', { class: 'who', text: agent_id });
    this.#controls = new ChildControls(options.acts);
    const said = { 'class': 'words', 'role': 'log', 'aria-live': 'off', 'aria-label': `Words on: ${task_name}` };
    const scrolled = element('div', { ...said, tabindex: '0' }, this.#content);
    this.element = element(
      'section',
      { 'class': 'column', 'aria-label': `${agent_id}: ${task_name}` },
      element('header', {}, element('span', { class: 'dot' }), this.#who, this.#state),
      element('p', { class: 'task', text: task_name }),
      element('p', { class: 'where' }, 'node ', this.#node),
      scrolled,
      this.#error,
      this.#controls.element,
    );
    stayAtEnd(scrolled, this.#content);
    onceSeen(this.element, () => {
      this.#isSeen = true;
      this.#read();
    });
  }

  /**
   * @param {import('./child.js').Child | undefined} child
   * @param {{ result: import('./assign-workers.js').TaskResult | undefined, isOver: boolean }} facts
   */
  show(child, { result, isOver }) {
    this.#child = child;
    this.sessionId = child?.facts.session_id;
    const { call, status, result: came, nodes = [], pending_guidance = [] } = child?.facts ?? {};
    const isAtIt = call !== undefined && callKey(call.message_id, call.index) === this.#key;
    const soFar = isAtIt
      ? (came?.status ?? (status === 'waiting' ? 'asking' : status))
      : isOver
        ? 'interrupted'
        : 'waiting';
    this.state = result?.status ?? soFar ?? 'waiting';
    const error = result?.error ?? (isAtIt ? came?.error : undefined) ?? '';
    const isRunning = this.state === 'running';
    const agents = isRunning ? nodes.map(({ agent_key }) => agent_key).join(', ') : '';
    if (this.sessionId) this.element.dataset.session = this.sessionId;
    this.element.dataset.state = this.state;
    this.element.className = `column ${this.state}`;
    if (child?.facts.agent_name) this.#name(child.facts.agent_name);
    setText(this.#state, states[this.state] ?? this.state);
    setText(this.#node, agents);
    this.#node.parentElement.hidden = agents === '';
    setText(this.#error, error);
    this.#error.hidden = error === '';
    this.#controls.show(
      isRunning && child ? { child, name: this.#who.textContent, pending: pending_guidance } : undefined,
    );
    this.#read();
  }

  /** @param {string} name */
  #name(name) {
    setText(this.#who, name);
    this.element.setAttribute('aria-label', `${name}: ${this.#task}`);
  }

  /** @param {Iterable<string>} ids of its child's messages that have changed */
  update(ids) {
    this.#list?.update(ids);
  }

  /** Draws the child's words; asks for them first where they are not known and somebody sees the column. */
  #read() {
    const child = this.#child;
    if (!child || this.#list) return;
    if (child.words) {
      this.#list = new MessageList(this.#content, child.words, {
        ...this.#options.cards,
        mayShow: ({ message_id, message_type }) =>
          message_type !== 'token_usage' && child.hasSaidFor(message_id, this.#key),
      });
    } else if (this.#isSeen) {
      // What cannot be had now is asked for again with the next state.
      child.load(this.#options.acts.takeSnapshot).then(
        () => child.words && this.#read(),
        () => {},
      );
    }
  }
}
