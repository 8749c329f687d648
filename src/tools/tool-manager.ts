import { SageError } from '../errors.ts';
import type { ToolSpec } from '../messages/tool-call.ts';
import { toolsOf } from './described-methods.ts';
import type { McpConfig, RegisterMcpOptions } from './mcp/mcp-config.ts';
import type { McpServers } from './mcp/mcp-servers.ts';
import type { McpServerStatus } from './mcp/mcp-server.ts';
import { runAlone, type RunToolContext } from './run-alone.ts';
import type { Tool } from './tool.ts';
import { loadToolsFrom } from './tools-in-folder.ts';
import { unknownTool } from './unknown-tool.ts';

/** Where a run finds its tools: a manager, or a proxy that narrows one. */
export interface ToolSource {
  /** Sorted by name. */
  listTools(): readonly Tool[];
  getTool(name: string): Tool | undefined;
  /** How tools will be named that are not known now: those of MCP servers that are down. Default: none. */
  pendingPrefixes?(): readonly string[];
}

export interface RegisterOptions {
  /** Whether tools may take the place of those that have their names. Default: they are refused, and none is registered. */
  readonly replace?: boolean;
}

/**
 * The tools of a host, and of its MCP servers. Belongs to whoever made it: runs only read it, each once, when it starts. One
 * with MCP servers is to be closed.
 */
export class ToolManager implements ToolSource, AsyncDisposable {
  readonly #tools = new Map<string, Tool>();
  #servers: Promise<McpServers> | undefined;
  #opened: McpServers | undefined;
  #isClosed = false;

  constructor({ tools = [] }: { readonly tools?: readonly Tool[] } = {}) {
    this.registerTools(tools);
  }

  /** @throws {SageError} `invalid-argument` when there is another tool of that name. */
  registerTool(tool: Tool, options?: RegisterOptions): void {
    this.registerTools([tool], options);
  }

  /**
   * Registers all of them, or none.
   *
   * @throws {SageError} `invalid-argument` when there is another tool of one of their names, or two of them have the same.
   */
  registerTools(tools: readonly Tool[], { replace = false }: RegisterOptions = {}): void {
    const names = new Set<string>();
    for (const tool of new Set(tools)) {
      const { name } = tool;
      const isTaken = this.#find(name) !== undefined && this.#tools.get(name) !== tool;
      if (names.has(name) || (!replace && isTaken)) throw nameTaken(name);
      names.add(name);
    }
    for (const tool of tools) this.#tools.set(tool.name, tool);
  }

  /**
   * Registers the tools among the values of an object, such as a module's exports, and the described methods of it and of its
   * values (see `MethodDescriptions`). Returns what it registered.
   */
  registerToolsFromObject(source: object, options?: RegisterOptions): readonly Tool[] {
    const tools = toolsOf(source);
    this.registerTools(tools, options);
    return tools;
  }

  /**
   * Registers what the modules of a folder export, as `registerToolsFromObject` does: those that end in `.js`, `.mjs`, `.ts` or
   * `.mts`, in the order of their names, and none of folders within. They are run: the folder is code of the host.
   *
   * @throws {SageError} `invalid-argument` naming the module that cannot be loaded or exports no tool; then nothing is registered.
   */
  async registerToolsFromFolder(folder: string, options?: RegisterOptions): Promise<readonly Tool[]> {
    const tools = await loadToolsFrom(folder);
    this.registerTools(tools, options);
    return tools;
  }

  /**
   * Connects to MCP servers, and offers their tools as `mcp_<server>_<tool>`. Resolves when each is connected or has failed: one
   * that fails is listed as failed, leaves the others working, and is tried again when its tools are listed or called.
   *
   * @throws {SageError} `invalid-argument` for a config that cannot be used, before anything is started.
   */
  async registerMcpServers(config: McpConfig, options: RegisterMcpOptions = {}): Promise<readonly McpServerStatus[]> {
    const servers = await this.#loadServers();
    if (this.#isClosed)
      throw new SageError('invalid-argument', 'The tool manager is closed.', { option: 'toolManager' });
    return servers.register(config, options);
  }

  /** The MCP servers as they are now, by name. */
  listMcpServers(): readonly McpServerStatus[] {
    return this.#opened?.listStatus() ?? [];
  }

  /** Sorted by name. */
  listTools(): readonly Tool[] {
    const offered = this.#opened?.listTools() ?? [];
    return [...this.#tools.values(), ...offered].sort(byName);
  }

  listToolsSimplified(): { readonly name: string; readonly description: string }[] {
    return this.listTools().map(({ name, description }) => ({ name, description }));
  }

  /** As requests carry them: the same tools are the same bytes, in whatever order they were registered. */
  getOpenAITools(): ToolSpec[] {
    return toSpecs(this.listTools());
  }

  getTool(name: string): Tool | undefined {
    return this.#find(name);
  }

  pendingPrefixes(): readonly string[] {
    return this.#opened?.pendingPrefixes() ?? [];
  }

  /**
   * Runs a tool outside of a run: its arguments are checked, and what it throws is thrown. What it gives back is not shortened.
   *
   * @throws {SageError} `tool-error` for an unknown tool or arguments its schema refuses, `deadline` when it took longer than its
   * `timeoutMs`.
   */
  async runTool(name: string, args: unknown, context: RunToolContext = {}): Promise<unknown> {
    const tool = this.getTool(name);
    if (tool === undefined) throw unknownTool(name, this);
    return runAlone(tool, args, context);
  }

  /** Ends the connections to MCP servers, and the servers that were started for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#servers)?.close();
  }

  /** What a subclass says instead is for those who ask. */
  #find(name: string): Tool | undefined {
    return this.#tools.get(name) ?? this.#opened?.getTool(name);
  }

  /** It comes with the client of the protocol, which is loaded by those who use it: many do not. */
  #loadServers(): Promise<McpServers> {
    this.#servers ??= import('./mcp/mcp-servers.ts').then(({ McpServers }) => {
      this.#opened = new McpServers((name) => this.#tools.has(name));
      return this.#opened;
    });
    return this.#servers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The tools as they are offered to a model. */
export function toSpecs(tools: readonly Tool[]): ToolSpec[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema.jsonSchema },
  }));
}

function nameTaken(name: string): SageError {
  const message = `There is a tool "${name}" already. Give this one another name, or replace it with { replace: true }.`;
  return new SageError('invalid-argument', message, { option: 'tools', given: name });
}

function byName(a: Tool, b: Tool): number {
  return a.name < b.name ? -1 : 1;
}
