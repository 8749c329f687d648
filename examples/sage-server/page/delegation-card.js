import { assignWorkers, resultsOf } from './assign-workers.js';
import { ChildColumn } from './child-column.js';
import { element, setText } from './elements.js';
import { textOf } from './fold-chunks.js';
import { marks } from './tool-card.js';

/** One delegating call: its tasks side by side, each with whoever works on it. */
export class DelegationCard {
  element = element('details', { 'class': 'tool delegation', 'data-tool': 'sys_delegate_task', 'open': '' });
  #tasks;
  #place;
  #tree;
  #columns;
  #brief = element('span', { class: 'brief' });
  #mark = element('span', { class: 'mark' });
  #note = element('p', { class: 'part note' });
  /** @type {any} */
  #result;

  /**
   * @param {import('./assign-workers.js').Task[]} tasks
   * @param {{ messageId: string, index: number }} place the call's
   * @param {{ tree: import('./session-tree.js').SessionTree, acts: import('./team-view.js').Acts, cards: any }} team
   */
  constructor(tasks, place, { tree, acts, cards }) {
    this.#tasks = tasks;
    this.#place = place;
    this.#tree = tree;
    this.#columns = tasks.map((task) => new ChildColumn(task, place, { acts, cards }));
    this.element.append(
      element(
        'summary',
        {},
        element('span', { class: 'dot' }),
        element('code', { text: 'sys_delegate_task' }),
        this.#brief,
        this.#mark,
      ),
      element('div', { class: 'columns' }, ...this.#columns.map((column) => column.element)),
      this.#note,
    );
  }

  /** @param {any} result the call's, once it is there */
  show(result) {
    this.#result = result;
    this.refresh();
  }

  refresh() {
    const { messageId, index } = this.#place;
    const text = this.#result ? textOf(this.#result.content) : '';
    const results = resultsOf(text);
    const workers = assignWorkers(this.#tasks, {
      results,
      workers: this.#tree.workersOf(messageId, index),
      find: (sessionId) => this.#tree.children.get(sessionId),
    });
    this.#columns.forEach((column, place) =>
      column.show(workers[place], { result: results?.[place], isOver: this.#result !== undefined }),
    );
    const isAsked = this.#columns.some(({ state }) => state === 'asking');
    const isAtWork = this.#columns.some(({ state }) => state === 'running');
    const soFar = isAsked && !isAtWork ? 'waiting' : 'running';
    const status = this.#result ? (this.#result.metadata?.tool_execution_status ?? 'success') : soFar;
    const done = this.#columns.filter(({ state }) => state === 'completed').length;
    this.element.className = `tool delegation ${status}`;
    setText(this.#mark, marks[status] ?? status);
    const many = this.#tasks.length === 1 ? '1 task' : `${this.#tasks.length} tasks`;
    setText(this.#brief, done === this.#tasks.length ? many : `${done} of ${many} done`);
    // Where there are results, each stands in its column.
    this.#note.hidden = text === '' || results !== undefined;
    setText(this.#note, this.#note.hidden ? '' : text);
  }

  /** @param {Map<string, Set<string>>} changed by session, ids of messages */
  update(changed) {
    // Whoever has just joined is not in a column yet.
    if (this.#columns.some(({ sessionId }) => sessionId === undefined)) this.refresh();
    for (const column of this.#columns) column.update(changed.get(column.sessionId ?? '') ?? []);
  }
}
