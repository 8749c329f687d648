import { tellingWordsOf } from '../memory/words.ts';
import { firstSentence } from '../tools/first-sentence.ts';
import { createRanking } from '../tools/rank-tools.ts';
import type { Tool } from '../tools/tool.ts';
import type { Agent } from './agent.ts';
import { defineAnswer } from './answer-shape.ts';
import { ask } from './ask.ts';
import { toolSuggestionPrompt } from './prompts/tool-suggestion.ts';
import { addTools, choiceState, hostTools, mostTools } from './tool-choice.ts';
import { taskOf, usedTools } from './tool-needs.ts';

const shape = defineAnswer('tools', {
  type: 'object',
  properties: {
    names: { type: 'array', items: { type: 'string' }, description: 'Names of tools, as they were given.' },
  },
  required: ['names'],
  additionalProperties: false,
});

/** A task with fewer telling words says too little for a model to choose by: a greeting, a yes. */
const leastWords = 4;
/** What the model may choose among: of those whose words fit, or of all where none does. */
const mostCandidates = { fitting: 40, any: 500 };
/** What a later round adds by itself. */
const addedByRound = 5;

/**
 * Chooses among many tools what the run offers; with few it does nothing. First come those the session has used, then those
 * whose words fit the task, then those that fit what was said before it, then the others in their order. The fast model is
 * asked where that does not decide, as none fits or too many do; where it cannot be understood, that order stands. What was
 * not chosen stays within reach of `tool_expand_tools`.
 */
export const toolSuggestionAgent: Agent = {
  key: 'tool_suggestion',
  async *run(context) {
    const { session, view } = context;
    const tools = hostTools(context.tools);
    if (tools.length <= mostTools) return { type: 'done' };
    const task = taskOf(view);
    const rank = await createRanking(tools);
    const fitting = rank(task.text);
    if (choiceState.of(view.state) !== undefined) {
      addTools(session, fitting.slice(0, addedByRound));
      return { type: 'done' };
    }
    const used = usedTools(view.messages, tools);
    const all = tools.map(({ name }) => name);
    const order = [...new Set([...used, ...fitting, ...task.before.flatMap(rank), ...all])];
    const isDecided = fitting.length > 0 && fitting.length <= mostTools;
    if (isDecided || tellingWordsOf(task.text).length < leastWords) {
      addTools(session, order.slice(0, mostTools));
      return { type: 'done' };
    }
    const candidates =
      fitting.length > 0 ? fitting.slice(0, mostCandidates.fitting) : order.slice(0, mostCandidates.any);
    const described = candidates.flatMap((name) => tools.find((tool) => tool.name === name) ?? []).map(describe);
    const instruction = toolSuggestionPrompt({ task, tools: described, most: mostTools });
    const end = yield* ask(context, { instruction, shape, history: [], isSmall: true });
    if (end.type === 'stopped' || end.type === 'budget' || end.type === 'hook-stopped') return end;
    const named = end.type === 'answered' ? end.answer.names.filter((name) => candidates.includes(name)) : [];
    const chosen = named.length === 0 ? order : [...new Set([...named, ...used])];
    addTools(session, chosen.slice(0, mostTools));
    return { type: 'done' };
  },
};

function describe({ name, description }: Tool): string {
  return `- ${name}: ${firstSentence(description)}`;
}
