import { element } from './elements.js';
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

/** Whether a message is shown by itself; progress and results are shown in the card of their call. */
export function isShown({ message_type, role }) {
  return role !== 'tool' && message_type !== 'tool_progress';
}

/**
 * @param {import('./fold-chunks.js').Message} message
 * @param {(callId: string) => { progress?: any, result?: any }} factsOf
 * @param {string | undefined} speaker shown above, where several agents speak
 */
export function renderMessage(message, factsOf, speaker) {
  const { role, message_type, metadata = {}, tool_calls = [] } = message;
  const text = textOf(message.content);
  const article = element('article', { 'class': `message ${role} ${message_type}`, 'data-id': message.message_id });
  if (message_type === 'token_usage') {
    article.append(element('p', { class: 'usage', text: usageText(metadata.token_usage) }));
    return article;
  }
  if (message_type === 'error') {
    article.append(element('p', { text: message.error_info?.message ?? text }));
    return article;
  }
  if (role === 'user') {
    if (metadata.injected) article.append(element('p', { class: 'note', text: 'Guidance, taken by the agent' }));
    article.append(element('p', { class: 'said', text }));
    return article;
  }
  if (speaker) article.append(element('p', { class: 'speaker', text: speaker }));
  if (message.reasoning_content) article.append(reasoning(message));
  if (text) {
    const body = element('div', { class: `markdown${message.isOpen ? ' open' : ''}` });
    body.innerHTML = toSafeHtml(text);
    article.append(body);
  }
  for (const call of tool_calls)
    if (call) article.append(toolCard(call, { ...factsOf(call.id), isOpen: message.isOpen }));
  const cut = cuts[metadata.incomplete];
  if (cut) article.append(element('p', { class: 'note cut', text: cut }));
  return article;
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
