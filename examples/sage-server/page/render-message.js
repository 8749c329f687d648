import { element } from './elements.js';
import { finishCard } from './finish-card.js';
import { textOf } from './fold-chunks.js';
import { toSafeHtml } from './markdown.js';
import { toolCard } from './tool-card.js';

const cuts = {
  'aborted': 'Stopped here.',
  'crashed': 'Cut off here when the server stopped.',
  'deadline': 'Cut off: it took too long.',
  'stream-cut': 'The connection to the model broke here.',
  'length': 'Cut off at the length limit.',
};

/** Whether a message is shown by itself; progress, results and what people are asked are shown at their call. */
export function isShown({ message_type, role }) {
  return role !== 'tool' && message_type !== 'tool_progress' && message_type !== 'confirmation';
}

/**
 * The parts of a message, from top to bottom.
 *
 * @param {import('./fold-chunks.js').Message} message
 * @param {{ factsOf: (index: number) => { progress?: any, result?: any, confirmations: any[] }, speaker: string | undefined,
 *   cardOf: (message: any, index: number, facts: any) => HTMLElement | undefined,
 *   confirmationCardOf: (confirmation: any, isDone: boolean) => HTMLElement }} options
 *   `speaker` is shown above, where several agents speak; `cardOf` gives calls that have a card of their own
 * @returns {HTMLElement[]}
 */
export function renderMessage(message, { factsOf, speaker, cardOf, confirmationCardOf }) {
  const { role, message_type, metadata = {}, tool_calls = [] } = message;
  const text = textOf(message.content);
  if (message_type === 'token_usage') return [element('p', { class: 'usage', text: usageText(metadata.token_usage) })];
  if (message_type === 'error') return [element('p', { text: message.error_info?.message ?? text })];
  if (metadata.source === 'delegation') return [given(text)];
  if (role === 'user') {
    const said = element('p', { class: 'said', text });
    return metadata.injected ? [element('p', { class: 'note', text: 'Guidance, taken by the agent' }), said] : [said];
  }
  const parts = [];
  if (speaker) parts.push(element('p', { class: 'speaker', text: speaker }));
  if (message.reasoning_content) parts.push(reasoning(message));
  if (text) {
    const body = element('div', { class: `markdown${message.isOpen ? ' open' : ''}` });
    body.innerHTML = toSafeHtml(text);
    parts.push(body);
  }
  for (const [index, call] of tool_calls.entries()) {
    if (!call) continue;
    const facts = factsOf(index);
    parts.push(cardOf(message, index, facts) ?? finishCard(call) ?? toolCard(call, facts));
    const isDone = facts.result !== undefined;
    parts.push(...facts.confirmations.map((confirmation) => confirmationCardOf(confirmation, isDone)));
  }
  const cut = cuts[metadata.incomplete];
  if (cut) parts.push(element('p', { class: 'note cut', text: cut }));
  return parts;
}

/** A task, as its child was told it. @param {string} text */
function given(text) {
  const body = element('div', { class: 'markdown' });
  body.innerHTML = toSafeHtml(text);
  return element('details', { class: 'given' }, element('summary', { text: 'Task' }), body);
}

/** @param {import('./fold-chunks.js').Message} message */
function reasoning({ reasoning_content = '', content, isOpen }) {
  const isThinking = isOpen && !textOf(content);
  const details = element(
    'details',
    { class: 'reasoning' },
    element('summary', { text: isThinking ? 'Thinking …' : 'Thought' }),
    element('p', { text: reasoning_content }),
  );
  return details;
}

/** @param {Record<string, number>} [usage] */
function usageText(usage = {}) {
  const { calls = 0, input_tokens = 0, output_tokens = 0 } = usage;
  const tokens = input_tokens + output_tokens > 0 ? ` · ${input_tokens} tokens in, ${output_tokens} out` : '';
  return `${calls} model ${calls === 1 ? 'call' : 'calls'}${tokens}`;
}
