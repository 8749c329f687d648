import { call, session } from './api.js';
import { button, byId, element } from './elements.js';
import { textOf } from './fold-chunks.js';

const list = byId('guidance');

/**
 * What was said and is not read yet: each can be changed in place, or taken back, until the agent takes it.
 *
 * @param {string} sessionId
 * @param {{ guidance_id: string, content: unknown }[]} pending
 * @param {(work: () => Promise<unknown>) => void} run does the work, and tells of what goes wrong
 */
export function showGuidance(sessionId, pending, run) {
  const ids = new Set(pending.map(({ guidance_id }) => guidance_id));
  for (const chip of list.querySelectorAll('.chip')) if (!ids.has(chip.dataset.id)) chip.remove();
  for (const { guidance_id, content } of pending) {
    const known = [...list.children].find((chip) => chip.dataset.id === guidance_id);
    if (known?.querySelector('input')) continue;
    const chip = makeChip(sessionId, guidance_id, textOf(content), run);
    if (known) known.replaceWith(chip);
    else list.append(chip);
  }
}

/** @param {string} sessionId @param {string} id @param {string} text @param {(work: () => Promise<unknown>) => void} run */
function makeChip(sessionId, id, text, run) {
  const path = session(sessionId, `/pending_user_injections/${encodeURIComponent(id)}`);
  const chip = element('li', { 'class': 'chip', 'data-id': id });
  const show = () =>
    chip.replaceChildren(
      button(text, edit, { 'class': 'text', 'title': 'Change it', 'aria-label': `Change: ${text}` }),
      button('×', () => run(() => call(path, { method: 'DELETE' })), {
        'class': 'remove',
        'aria-label': `Take back: ${text}`,
      }),
    );
  const edit = () => {
    const field = element('input', { 'value': text, 'aria-label': 'Change the guidance' });
    const done = (keep) => {
      const changed = field.value.trim();
      if (keep && changed !== '' && changed !== text) {
        text = changed;
        run(() => call(path, { method: 'PATCH', body: { content: changed } }));
      }
      show();
    };
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') done(true);
      if (event.key === 'Escape') done(false);
      event.stopPropagation();
    });
    field.addEventListener('blur', () => field.isConnected && done(true));
    chip.replaceChildren(field);
    field.focus();
    field.select();
  };
  show();
  return chip;
}
