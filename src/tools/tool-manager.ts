import { SageError } from '../errors.ts';
import type { ToolSpec } from '../messages/tool-call.ts';
import { drain } from '../streams/drain.ts';
import { checkArguments, runTool } from './run-tool.ts';
import type { SandboxToolContext, Tool, ToolContext } from './tool.ts';

/** Where a run finds its tools: a manager, or a proxy that narrows one. */
export interface ToolSource {
  /** Sorted by name. */
  listTools(): readonly Tool[];
  getTool(name: string): Tool | undefined;
}

/** The tools of a host. Belongs to whoever made it; runs only read it. */
export class ToolManager implements ToolSource {
  readonly #tools = new Map<string, Tool>();

  constructor({ tools = [] }: { readonly tools?: readonly Tool[] } = {}) {
    for (const tool of tools) this.registerTool(tool);
  }

  /** @throws {SageError} `invalid-argument` when there is a tool of that name. */
  registerTool(tool: Tool): void {
    if (this.#tools.has(tool.name)) {
      throw new SageError('invalid-argument', `There is a tool "${tool.name}" already. Give this one another name.`, {
        option: 'tools',
        given: tool.name,
      });
    }
    this.#tools.set(tool.name, tool);
  }

  /** Registers every tool among the values of an object: a module's exports, for example. */
  registerToolsFromObject(source: Readonly<Record<string, unknown>>): void {
    for (const value of Object.values(source)) if (isTool(value)) this.registerTool(value);
  }

  listTools(): readonly Tool[] {
    return [...this.#tools.values()].sort(byName);
  }

  listToolsSimplified(): { readonly name: string; readonly description: string }[] {
    return this.listTools().map(({ name, description }) => ({ name, description }));
  }

  getOpenAITools(): ToolSpec[] {
    return toSpecs(this.listTools());
  }

  getTool(name: string): Tool | undefined {
    return this.#tools.get(name);
  }

  /**
   * Runs a tool outside of a run: its arguments are checked, its progress is read and dropped, and what it throws is
   * thrown.
   *
   * @throws {SageError} `tool-error` for an unknown tool or arguments its schema refuses.
   */
  async runTool(name: string, args: unknown, context: ToolContext | SandboxToolContext): Promise<unknown> {
    const tool = this.getTool(name);
    if (tool === undefined) throw unknownTool(name, this);
    return drain(runTool(tool, await checkArguments(tool, args), context));
  }
}

/** The tools as they are offered to a model. */
export function toSpecs(tools: readonly Tool[]): ToolSpec[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema.jsonSchema },
  }));
}

export function unknownTool(name: string, tools: ToolSource): SageError {
  const known = tools.listTools().map((tool) => tool.name);
  const names = known.length === 0 ? 'No tool is offered.' : `Known tools: ${known.join(', ')}.`;
  return new SageError('tool-error', `Tool "${name}" is unknown. ${names}`, { tool: name });
}

function isTool(value: unknown): value is Tool {
  return typeof value === 'object' && value !== null && 'inputSchema' in value && 'execute' in value;
}

function byName(a: Tool, b: Tool): number {
  return a.name < b.name ? -1 : 1;
}
