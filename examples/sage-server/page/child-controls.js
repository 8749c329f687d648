import { button, element } from './elements.js';
import { textOf } from './fold-chunks.js';

/** What can be done about a child while it works: say something to it, and stop it alone. */
export class ChildControls {
  element = element('form', { class: 'controls', hidden: '' });
  #pending = element('ul', { class: 'waits' });
  #field = element('input', { type: 'text', autocomplete: 'off' });
  #stop;
  #sessionId = '';

  /** @param {import('./team-view.js').Acts} acts */
  constructor({ stop, steer }) {
    this.#stop = button('Stop', () => {
      this.#stop.disabled = true;
      stop(this.#sessionId).catch(() => (this.#stop.disabled = false));
    });
    this.element.append(this.#pending, this.#field, this.#stop);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (text === '') return;
      this.#field.value = '';
      steer(this.#sessionId, text).catch(() => (this.#field.value = text));
    });
    this.#field.addEventListener('keydown', (event) => {
      // Elsewhere it stops the whole run.
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#field.blur();
    });
  }

  /** @param {{ child: import('./child.js').Child, name: string, pending: { content: unknown }[] } | undefined} at nobody, when it does not work */
  show(at) {
    this.element.hidden = at === undefined;
    if (at === undefined) {
      this.#stop.disabled = false;
      return;
    }
    this.#sessionId = at.child.facts.session_id;
    this.#field.placeholder = `Steer ${at.name}`;
    this.#field.setAttribute('aria-label', `Steer ${at.name}`);
    this.#stop.setAttribute('aria-label', `Stop ${at.name}`);
    const waiting = at.pending.map(({ content }) => textOf(content));
    const shown = [...this.#pending.children].map(({ textContent }) => textContent);
    if (JSON.stringify(waiting) !== JSON.stringify(shown))
      this.#pending.replaceChildren(...waiting.map((text) => element('li', { text, title: 'Not read yet' })));
    this.#pending.hidden = waiting.length === 0;
  }
}
