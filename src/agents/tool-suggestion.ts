import { textOf } from '../messages/message.ts';
import { firstSentence } from '../tools/first-sentence.ts';
import { rankTools } from '../tools/rank-tools.ts';
import type { Tool } from '../tools/tool.ts';
import type { Agent, AgentContext } from './agent.ts';
import { defineAnswer } from './answer-shape.ts';
import { ask } from './ask.ts';
import { planState } from './multi/multi-state.ts';
import { toolSuggestionPrompt } from './prompts/tool-suggestion.ts';
import { addTools, choiceState, hostTools, mostTools } from './tool-choice.ts';

const shape = defineAnswer('tools', {
  type: 'object',
  properties: {
    names: { type: 'array', items: { type: 'string' }, description: 'Names of tools, as they were given.' },
  },
  required: ['names'],
  additionalProperties: false,
});

/** What the model may choose among: the best by their words. */
const mostCandidates = 40;
/** What a later round adds by itself. */
const addedByRound = 5;

/**
 * Chooses among many tools what the run offers; with few it does nothing. The tools whose words fit the task are found first;
 * the fast model chooses among them, and where it cannot be understood they are taken as they are. A task that no words of
 * tools fit costs no model call. What was not chosen stays within reach of `tool_expand_tools`.
 */
export const toolSuggestionAgent: Agent = {
  key: 'tool_suggestion',
  async *run(context) {
    const { session, view } = context;
    const tools = hostTools(context.tools);
    if (tools.length <= mostTools) return { type: 'done' };
    const task = planState.of(view.state)?.nextStep ?? newestUserText(context);
    const ranked = await rankTools(tools, task);
    if (choiceState.of(view.state) !== undefined) {
      addTools(session, ranked.slice(0, addedByRound));
      return { type: 'done' };
    }
    const first = ranked.slice(0, mostTools);
    if (ranked.length === 0) {
      addTools(
        session,
        tools.slice(0, mostTools).map(({ name }) => name),
      );
      return { type: 'done' };
    }
    const candidates = ranked
      .slice(0, mostCandidates)
      .flatMap((name) => tools.find((tool) => tool.name === name) ?? []);
    const instruction = toolSuggestionPrompt({ task, tools: candidates.map(describe), most: mostTools });
    const end = yield* ask(context, { instruction, shape, history: [], isSmall: true });
    if (end.type === 'stopped' || end.type === 'budget' || end.type === 'hook-stopped') return end;
    const named = end.type === 'answered' ? end.answer.names.filter((name) => ranked.includes(name)) : [];
    addTools(session, named.length === 0 ? first : named.slice(0, mostTools));
    return { type: 'done' };
  },
};

function newestUserText({ view }: AgentContext): string {
  const newest = view.messages.findLast(
    ({ role, metadata }) => role === 'user' && metadata?.['hidden_from_chat'] !== true,
  );
  return newest === undefined ? '' : textOf(newest);
}

function describe({ name, description }: Tool): string {
  return `- ${name}: ${firstSentence(description)}`;
}
