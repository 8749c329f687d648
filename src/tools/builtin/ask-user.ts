import { defineTool, type AskingToolContext, type Tool } from '../tool.ts';

const parameters = {
  type: 'object',
  properties: {
    question: { type: 'string', minLength: 1, maxLength: 4_000, description: 'What only the user can tell or decide.' },
    options: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      maxItems: 20,
      description: 'Answers to choose from. The user may also give another.',
    },
  },
  required: ['question'],
  additionalProperties: false,
} as const;

const tool = defineTool({
  name: 'ask_user',
  description:
    'Asks the user something and gives back the answer. Use it only where you cannot go on well without: it makes them wait, and you too.',
  parameters,
  effect: 'none',
  execute: (_, context) => ({ answer: (context as AskingToolContext).answer }),
});

/** Asks a person, as an approval does: where nobody answers in a run, it is refused. */
export const askUser: Tool = {
  ...tool,
  // The arguments have been checked against `parameters`.
  question: (args) => (args as { readonly question: string }).question,
};
