import type { ChatModel, ChatRequest } from '../model/model.ts';
import { scriptedModel, type ScriptedAnswer, type ScriptedModel } from './scripted-model.ts';

export interface ScriptedTeam<Name extends string> extends ChatModel {
  /** The scripted model of each script, with the requests it has had. */
  readonly members: Readonly<Record<Name, ScriptedModel>>;
}

/**
 * Scripts for agents that work side by side, so that it does not matter who calls first: a request is answered from the first
 * script whose name stands in its system message. An agent that fits none fails.
 */
export function scriptedTeam<Name extends string>(
  scripts: Readonly<Record<Name, readonly ScriptedAnswer[]>>,
): ScriptedTeam<Name> {
  const names = Object.keys(scripts) as Name[];
  const members = Object.fromEntries(names.map((name) => [name, scriptedModel(scripts[name])])) as Record<
    Name,
    ScriptedModel
  >;
  return {
    members,
    chat: {
      completions: {
        async create(body, options) {
          const system = systemOf(body);
          const name = names.find((one) => system.includes(one));
          if (name === undefined)
            throw new Error(`scriptedTeam has no script for an agent with this prompt: ${system}`);
          return members[name].chat.completions.create(body, options);
        },
      },
    },
  };
}

function systemOf({ messages }: ChatRequest): string {
  const first: { readonly role?: string; readonly content?: unknown } | undefined = messages[0];
  return first?.role === 'system' && typeof first.content === 'string' ? first.content : '';
}
