import { SageError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { loadSkillName } from '../skills/load-skill.ts';
import { firstSentence } from '../tools/first-sentence.ts';
import { createRanking } from '../tools/rank-tools.ts';
import { joinTools } from '../tools/joined-tools.ts';
import { toSpecs, type ToolSource } from '../tools/tool-manager.ts';
import { defineTool, type Tool } from '../tools/tool.ts';
import { expandToolName } from '../tools/unknown-tool.ts';
import { delegationTools } from './fibre/delegation-tools.ts';
import { finishToolName } from './fibre/finish-task.ts';
import { defineState } from './state-piece.ts';

/** Up to so many tools all are offered, and nothing is chosen. */
export const mostTools = 15;

/** The tools a run offers of many; sorted. The first choice holds for the run, and is only ever added to. */
export const choiceState = defineState<readonly string[]>('tool_suggestion');

/** Tools that the runtime puts beside the host's: they are always offered, and nobody chooses among them. */
const runtimeTools: readonly string[] = [
  expandToolName,
  loadSkillName,
  'load_workflow',
  ...delegationTools,
  finishToolName,
];

/** The tools that a choice is about. */
export function hostTools(tools: ToolSource): readonly Tool[] {
  return tools.listTools().filter(({ name }) => !isRuntimeTool(name));
}

function isRuntimeTool(name: string): boolean {
  return runtimeTools.includes(name);
}

/** Tools beyond this at once are more than a model can choose among well. */
const mostAdded = 10;

/** The tools as a node works with them: all can be called, and those that were chosen are offered. */
export class ToolChoice {
  readonly all: ToolSource;
  readonly #session: Session;
  readonly #specs: string | undefined;
  #chosen: { readonly names: readonly string[]; readonly specs: string } | undefined;

  /** `specs` are those of all tools, as requests carry them. */
  constructor(tools: ToolSource, specs: string | undefined, session: Session) {
    this.#session = session;
    this.#specs = specs;
    const choosable = hostTools(tools);
    const isMany = choosable.length > mostTools;
    this.all = isMany ? joinTools(tools, [this.#expandTool(choosable)]) : tools;
  }

  /** What the next request offers. */
  get specs(): string | undefined {
    const names = choiceState.of(this.#session.runState);
    if (names === undefined) return this.#specs;
    if (this.#chosen?.names !== names) {
      const offered = this.all.listTools().filter(({ name }) => names.includes(name) || isRuntimeTool(name));
      this.#chosen = { names, specs: JSON.stringify(toSpecs(offered)) };
    }
    return this.#chosen.specs;
  }

  #expandTool(tools: readonly Tool[]): Tool {
    return defineTool({
      name: expandToolName,
      description:
        'Gives you more of the tools that are there: by name, or those that fit a few words on what you want to do. Use it when none of your tools fits.',
      parameters: {
        type: 'object',
        properties: {
          names: { type: 'array', items: { type: 'string' }, description: 'Names of tools you know to be there.' },
          query: { type: 'string', description: 'What you want to do.' },
        },
        additionalProperties: false,
      } as const,
      effect: 'idempotent',
      execute: async ({ names = [], query = '' }) => {
        const known = new Map(tools.map((tool) => [tool.name, tool]));
        const unknown = names.filter((name) => !known.has(name));
        const rank = await createRanking(tools);
        const found = [...names.filter((name) => known.has(name)), ...rank(query)];
        const added = [...new Set(found)].slice(0, Math.max(mostAdded, names.length));
        if (added.length === 0) {
          const why = unknown.length > 0 ? `There is no tool ${unknown.join(', ')}` : 'No tool fits these words';
          throw new SageError('tool-error', `${why}. Say in other words what you want to do.`, {
            tool: expandToolName,
          });
        }
        addTools(this.#session, added);
        return { added: added.map((name) => `${name}: ${firstSentence(known.get(name)?.description ?? '')}`) };
      },
    });
  }
}

/** Adds tools to those the run offers. */
export function addTools(session: Session, names: readonly string[]): void {
  const before = choiceState.of(session.runState);
  const all = [...new Set([...(before ?? []), ...names])].sort();
  if (all.length === before?.length) return;
  session.append([choiceState.entry(all), { type: 'prefix_changed', cause: 'tools' }]);
}
