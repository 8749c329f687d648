import { button, element, setText } from './elements.js';
import { visibleJson } from './visible.js';

let count = 0;

/** Lets a person change what is run, as JSON. What is typed is checked before it is sent. */
export class ArgumentsEditor {
  element;
  toggle;
  #asked;
  #field;
  #wrong = element('p', { class: 'wrong', role: 'alert' });
  #onToggled;

  /** @param {import('./asked-of.js').Asked} asked @param {(isOpen: boolean) => void} onToggled */
  constructor(asked, onToggled) {
    this.#asked = asked.arguments;
    this.#onToggled = onToggled;
    const id = `arguments-${(count += 1)}`;
    this.#wrong.id = `${id}-wrong`;
    this.#field = element('textarea', { id, 'spellcheck': 'false', 'aria-describedby': this.#wrong.id });
    this.#field.addEventListener('input', () => this.#tell(''));
    const label = element('label', { for: id, text: 'Arguments, as JSON' });
    this.element = element('div', { class: 'editor', hidden: '' }, label, this.#field, this.#wrong);
    this.toggle = button('Change …', () => (this.element.hidden ? this.#open() : this.close()), {
      'class': 'change',
      'aria-expanded': 'false',
      'aria-controls': id,
    });
  }

  /** Nothing where nothing is changed; `undefined`, and the reader is told why, where it cannot be sent. @returns {{ arguments?: any } | undefined} */
  read() {
    if (this.element.hidden) return {};
    try {
      const changed = JSON.parse(this.#field.value);
      if (isObject(this.#asked) && !isObject(changed)) throw new Error('an object is needed, { … }');
      return JSON.stringify(changed) === JSON.stringify(this.#asked) ? {} : { arguments: changed };
    } catch (error) {
      this.#tell(`This cannot be sent: ${/** @type {Error} */ (error).message}`);
      this.#field.focus();
      return undefined;
    }
  }

  #open() {
    this.#field.value = visibleJson(JSON.stringify(this.#asked, null, 2) ?? '');
    this.#field.rows = Math.min(14, this.#field.value.split('\n').length + 1);
    this.#show(true);
    this.#field.focus();
  }

  /** What was typed is gone: the call is as it was asked. */
  close() {
    if (this.element.hidden) return;
    if (this.element.contains(document.activeElement)) this.toggle.focus();
    this.#show(false);
  }

  /** @param {boolean} isOpen */
  #show(isOpen) {
    this.#tell('');
    this.element.hidden = !isOpen;
    this.toggle.setAttribute('aria-expanded', String(isOpen));
    setText(this.toggle, isOpen ? 'Leave it as it was' : 'Change …');
    this.#onToggled(isOpen);
  }

  /** @param {string} text */
  #tell(text) {
    setText(this.#wrong, text);
    this.#field.setAttribute('aria-invalid', String(text !== ''));
  }
}

/** @param {unknown} value */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
