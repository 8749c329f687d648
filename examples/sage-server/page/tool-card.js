import { element } from './elements.js';
import { textOf } from './fold-chunks.js';
import { visible } from './visible.js';

export const marks = {
  running: 'Working',
  success: 'Done',
  error: 'Failed',
  unknown: 'May have run',
  not_run: 'Not run',
  cancelled: 'Cancelled',
  waiting: 'Waits',
};

/**
 * One call: what was asked, how far it is, what came of it.
 *
 * @param {import('./fold-chunks.js').ToolCall} call
 * @param {{ progress?: import('./fold-chunks.js').Message, result?: import('./fold-chunks.js').Message,
 *   confirmations: import('./asked-of.js').Confirmation[] }} facts
 */
export function toolCard(call, { progress, result, confirmations }) {
  const decision = confirmations.at(-1)?.closed?.decision;
  const isRefused = decision !== undefined && !decision.startsWith('allow');
  const soFar = confirmations.length > 0 && decision === undefined ? 'waiting' : 'running';
  const came = isRefused ? 'not_run' : (result?.metadata?.tool_execution_status ?? 'success');
  const status = result ? came : soFar;
  const card = element('details', { 'class': `tool ${status}`, 'data-tool': call.function.name });
  card.append(
    element(
      'summary',
      {},
      element('span', { class: 'dot' }),
      element('code', { text: call.function.name || '…' }),
      element('span', { class: 'brief', text: visible(brief(call.function.arguments)) }),
      element('span', { class: 'mark', text: marks[status] ?? status }),
    ),
    part('Asked', visible(pretty(call.function.arguments))),
  );
  if (progress) card.append(part('Progress', textOf(progress.content)));
  if (result) card.append(part('Result', pretty(textOf(result.content))));
  return card;
}

/** @param {string} title @param {string} text */
function part(title, text) {
  return element('div', { class: 'part' }, element('h4', { text: title }), element('pre', { text }));
}

/** @param {string} json */
function brief(json) {
  try {
    return Object.values(JSON.parse(json)).map(String).join(', ').slice(0, 80);
  } catch {
    return json.slice(0, 80);
  }
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
