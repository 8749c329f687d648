import { element } from './elements.js';
import { visible } from './visible.js';

/** The arguments of a call, for people: each under its name. @param {any} args */
export function shownArguments(args) {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return element('pre', { text: textOf(args) });
  const entries = Object.entries(args);
  if (entries.length === 0) return element('p', { class: 'none', text: 'Without arguments' });
  return element(
    'dl',
    {},
    ...entries.flatMap(([name, value]) => [
      element('dt', { text: visible(name) }),
      element('dd', { text: textOf(value) }),
    ]),
  );
}

/** @param {unknown} value */
function textOf(value) {
  return visible(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}
