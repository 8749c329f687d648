import { call, session } from './api.js';
import { button, byId, element } from './elements.js';

/** @param {string | undefined} current @param {{ open: (id: string) => void, run: (work: () => Promise<unknown>) => void }} acts */
export async function showSessions(current, { open, run }) {
  const sessions = await call('sessions');
  byId('sessions').replaceChildren(
    ...sessions.map(({ session_id, status, title, pending_confirmations }) => {
      const remove = () =>
        run(async () => {
          await call(session(session_id), { method: 'DELETE' });
          if (session_id === current) location.hash = '';
          else await showSessions(current, { open, run });
        });
      return element(
        'li',
        { 'data-session': session_id, 'class': session_id === current ? 'current' : '' },
        element('span', { class: `dot ${status}`, title: status }),
        button(title, () => open(session_id), {
          class: 'open',
          ...(session_id === current ? { 'aria-current': 'page' } : {}),
        }),
        pending_confirmations > 0
          ? element('span', { class: 'badge', text: 'waits', title: 'Waits for you' })
          : undefined,
        button('×', remove, { 'class': 'remove', 'aria-label': `Delete: ${title}` }),
      );
    }),
  );
}
