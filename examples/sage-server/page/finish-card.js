import { element } from './elements.js';
import { toSafeHtml } from './markdown.js';

/**
 * What a child hands over with `sys_finish_task`, once it is said; `undefined` for any other call.
 *
 * @param {import('./fold-chunks.js').ToolCall} call
 */
export function finishCard({ function: called }) {
  if (called.name !== 'sys_finish_task') return undefined;
  const finish = parse(called.arguments);
  if (typeof finish?.result !== 'string') return undefined;
  const body = element('div', { class: 'markdown' });
  body.innerHTML = toSafeHtml(finish.result);
  const title = finish.status === 'failed' ? 'Could not be done' : 'Result';
  return element('div', { class: 'finish' }, element('h4', { text: title }), body);
}

/** @param {string} json */
function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
