import type { Agent } from './agent.ts';
import { defineAnswer } from './answer-shape.ts';
import { ask } from './ask.ts';
import { querySuggestPrompt } from './prompts/query-suggest.ts';
import { defineState } from './state-piece.ts';
import { tell } from './tell.ts';

const shape = defineAnswer('suggestions', {
  type: 'object',
  properties: { suggestions: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: 5 } },
  required: ['suggestions'],
  additionalProperties: false,
});

/** The node that has suggested. */
const suggestedState = defineState<string>('query_suggest');

/**
 * Suggests what the user may ask next, for readers only: a line each, and as a list in `metadata.suggestions`. The answer is
 * there by now, so a model that fails here spoils nothing: there are no suggestions then.
 */
export const querySuggestAgent: Agent = {
  key: 'query_suggest',
  async *run(context) {
    const { node, view } = context;
    if (suggestedState.of(view.state) === node) return { type: 'done' };
    const end = yield* ask(context, { instruction: querySuggestPrompt(), shape, isSmall: true });
    if (end.type === 'stopped' || end.type === 'hook-stopped') return end;
    if (end.type !== 'answered') return { type: 'done' };
    const { suggestions } = end.answer;
    const content = suggestions.map((text) => `- ${text}`).join('\n');
    yield tell(context, { type: 'query_suggest', content, metadata: { suggestions } }, [suggestedState.entry(node)]);
    return { type: 'done' };
  },
};
