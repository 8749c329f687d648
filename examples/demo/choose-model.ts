import OpenAI from 'openai';
import type { ChatModel } from 'sagents';
import { createDemoModel } from './demo-model.ts';

interface Choice {
  readonly model: ChatModel;
  readonly name: string;
  /** For people. */
  readonly label: string;
  readonly isBuiltIn: boolean;
}

/** The endpoint the environment names, else the built-in demo model: at a human pace where a person watches. */
export function chooseModel(env: NodeJS.ProcessEnv, { isWatched }: { readonly isWatched: boolean }): Choice {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, SAGE_MODEL: name = 'gpt-4o-mini' } = env;
  if (!apiKey && !baseUrl) {
    const model = createDemoModel({ paceMs: isWatched ? 70 : 2 });
    return { model, name: 'demo', label: 'demo model: built in, no network', isBuiltIn: true };
  }
  // Servers on one's own machine often want no key; the client wants one.
  const client = new OpenAI({ apiKey: apiKey || 'none' });
  return { model: client, name, label: `${name} at ${client.baseURL}`, isBuiltIn: false };
}
