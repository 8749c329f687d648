import { Refusal } from './api.js';
import { ArgumentsEditor } from './arguments-editor.js';
import { button, element, setText } from './elements.js';
import { shownArguments } from './shown-arguments.js';
import { verdictOn } from './verdict-on.js';
import { visible } from './visible.js';

/** Asks a person about one call, where the call stands, and tells what they said. */
export class ConfirmationCard {
  element;
  #asked;
  #answer;
  #until = element('span', { class: 'until' });
  #shown = element('div', { class: 'shown' });
  #form = element('form', { hidden: '' });
  #refusal = element('p', { class: 'refusal', role: 'alert' });
  #verdict = element('p', { class: 'verdict', role: 'status' });
  /** @type {ArgumentsEditor | undefined} */
  #editor;
  #isSending = false;

  /**
   * @param {import('./asked-of.js').Asked} asked
   * @param {(answer: any) => Promise<unknown>} answer
   */
  constructor(asked, answer) {
    this.#asked = asked;
    this.#answer = answer;
    const isQuestion = asked.kind === 'question';
    const name = isQuestion ? 'Question for you' : `Approval of ${asked.tool}`;
    this.#form.append(...(isQuestion ? this.#toAnswer() : this.#toApprove()));
    this.#form.addEventListener('keydown', (event) => {
      // Elsewhere it stops the run.
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#editor?.close();
    });
    this.element = element(
      'section',
      // What is new is told once, below the conversation.
      { 'class': 'confirmation', 'aria-label': name, 'aria-live': 'off', 'tabindex': '-1' },
      element(
        'header',
        {},
        element('strong', { text: isQuestion ? 'The agent asks you' : 'May this be run?' }),
        this.#until,
      ),
      element('p', { class: 'reason', text: visible(asked.reason ?? '') }),
      this.#shown,
      this.#form,
      this.#refusal,
      this.#verdict,
    );
    this.element.dataset.confirmation = asked.confirmation_id;
    if (!isQuestion) this.#shown.append(shownArguments(asked.arguments));
    setText(this.#until, typeof asked.expires_at === 'number' ? `until ${timeOf(asked.expires_at)}` : '');
  }

  /** @param {{ isOpen: boolean, isOver: boolean, closed: import('./asked-of.js').Closed | undefined }} facts `isOver`: nothing comes of it any more */
  show({ isOpen, isOver, closed }) {
    const hadFocus = this.#form.contains(document.activeElement);
    const verdict = closed ? verdictOn(this.#asked, closed) : isOver ? 'Nobody is asked any more.' : '';
    this.element.className = `confirmation ${isOpen ? 'open' : (closed?.decision ?? 'over')}`;
    this.#form.hidden = !isOpen;
    this.#until.hidden = !isOpen;
    if (!isOpen) this.#editor?.close();
    if (closed?.arguments !== undefined) this.#shown.replaceChildren(shownArguments(closed.arguments));
    setText(this.#verdict, isOpen ? '' : verdict);
    if (hadFocus && !isOpen) this.element.focus({ preventScroll: true });
  }

  #toApprove() {
    const editor = new ArgumentsEditor(this.#asked, (isOpen) => (this.#shown.hidden = isOpen));
    this.#editor = editor;
    const allow = (/** @type {string} */ decision) => {
      const changed = editor.read();
      if (changed) this.#send({ decision, ...changed });
    };
    return [
      editor.element,
      element(
        'div',
        { class: 'buttons' },
        button('Allow once', () => allow('allow-once'), { class: 'main' }),
        button('Allow for this session', () => allow('allow-session')),
        button('Decline', () => this.#send({ decision: 'deny' }), { class: 'decline' }),
        editor.toggle,
      ),
    ];
  }

  #toAnswer() {
    const { options = [], question } = this.#asked.arguments ?? {};
    const field = element('input', { 'type': 'text', 'autocomplete': 'off', 'aria-label': question ?? 'Your answer' });
    field.placeholder = options.length > 0 ? 'Something else' : 'Your answer';
    const say = (/** @type {string} */ answer) => this.#send({ decision: 'allow-once', answer });
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text === '') field.focus();
      else say(text);
    });
    const choices = options.map((/** @type {string} */ option) => button(visible(option), () => say(option)));
    return [
      element('div', { 'class': 'buttons options', 'role': 'group', 'aria-label': 'Answers' }, ...choices),
      element(
        'div',
        { class: 'buttons' },
        field,
        element('button', { type: 'submit', class: 'main', text: 'Answer' }),
        button('Decline', () => this.#send({ decision: 'deny' }), { class: 'decline' }),
      ),
    ];
  }

  /** @param {any} answer */
  #send(answer) {
    if (!this.#isSending) void this.#sendOnce(answer);
  }

  /** @param {any} answer */
  async #sendOnce(answer) {
    this.#isSending = true;
    setText(this.#refusal, '');
    this.element.setAttribute('aria-busy', 'true');
    const { digest } = this.#asked;
    try {
      await this.#answer({ ...answer, ...(digest === undefined ? {} : { digest }) });
    } catch (error) {
      setText(this.#refusal, `Your answer was not taken. ${whyNot(error)}`);
    } finally {
      this.#isSending = false;
      this.element.removeAttribute('aria-busy');
    }
  }
}

/** @param {number} seconds since 1970 */
function timeOf(seconds) {
  const at = new Date(seconds * 1000);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : /** @type {const} */ ({ weekday: 'short', day: 'numeric', month: 'short' });
  return at.toLocaleString('en-GB', { ...day, hour: '2-digit', minute: '2-digit' });
}

const refusals = {
  unknown: 'Nobody is asked this any more.',
  answered: 'It has been answered already.',
  expired: 'It came too late.',
  digest: 'Something else is asked by now: reload the page.',
};

/** @param {any} error */
function whyNot(error) {
  if (!(error instanceof Refusal)) return 'The server cannot be reached.';
  return refusals[error.why ?? ''] ?? error.message;
}
