import { byId, setText } from './elements.js';

/**
 * Tells, politely, how many calls wait for the reader, and leads to the first.
 *
 * @param {{ confirmation_id: string, session_id: string, tool: string, kind: string }[]} pending
 */
export function showWaiting(pending) {
  const [first] = pending;
  const one = first?.kind === 'question' ? 'The agent asks you something.' : `${first?.tool} waits for your approval.`;
  byId('waiting').classList.toggle('shown', first !== undefined);
  setText(byId('waiting-text'), first ? (pending.length === 1 ? one : `${pending.length} calls wait for you.`) : '');
  byId('show-waiting').hidden = first === undefined;
  byId('show-waiting').onclick = () => first && show(first);
}

/** In a column that nobody has looked at yet, there is no card: it comes when the column is in sight. */
function show({ confirmation_id, session_id }) {
  const card = find('confirmation', confirmation_id);
  const target = card ?? find('session', session_id);
  target?.scrollIntoView({ block: 'center' });
  card?.focus({ preventScroll: true });
}

/** @param {string} kind @param {string} id @returns {HTMLElement | undefined} */
function find(kind, id) {
  const found = /** @type {HTMLElement[]} */ ([...byId('conversation').querySelectorAll(`[data-${kind}]`)]);
  return found.findLast((one) => one.dataset[kind] === id);
}
