import type { ChatModel } from '../../../src/index.ts';
import { scriptedModel, type ScriptedAnswer, type ScriptedModel } from '../../../src/testing/index.ts';
import type { ChatRequest } from '../../../src/model/model.ts';

/**
 * A model for agents that work side by side: each, known by its prompt "You are <name>.", has a script of its own, so that the
 * order in which they ask does not matter.
 */
export function askByName(scripts: Readonly<Record<string, readonly ScriptedAnswer[]>>) {
  const models = new Map(Object.entries(scripts).map(([name, answers]) => [name, scriptedModel(answers)]));
  const model: ChatModel = {
    chat: { completions: { create: (body, options) => modelFor(body).chat.completions.create(body, options) } },
  };
  const requestsOf = (name: string): ScriptedModel['requests'] => models.get(name)?.requests ?? [];
  return { model, requestsOf };

  function modelFor(body: ChatRequest): ScriptedModel {
    const name = nameIn(body);
    const found = models.get(name);
    if (found === undefined) throw new Error(`Nobody has scripted ${name}.`);
    return found;
  }
}

/** Whose prompt it is. */
export function nameIn({ messages }: ChatRequest): string {
  const [first] = messages as readonly { readonly role: string; readonly content: unknown }[];
  return /^You are (\w+)\.$/.exec(first?.role === 'system' ? String(first.content) : '')?.[1] ?? 'nobody';
}
