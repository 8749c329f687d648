import { messageOf } from '../../errors.ts';
import type { ToolListing } from './list-tools.ts';
import { toRemoteTool, type ExecuteRemote, type RemoteTool } from './mcp-tool.ts';
import type { ServerSettings } from './read-config.ts';

/** The tools of one server, as it last listed them, by the names they have here. */
export class ServerTools {
  readonly #settings: ServerSettings;
  readonly #execute: ExecuteRemote;
  #tools: ReadonlyMap<string, RemoteTool> = new Map();
  #leftOut: readonly string[] = [];
  #isKnown = false;

  constructor(settings: ServerSettings, execute: ExecuteRemote) {
    this.#settings = settings;
    this.#execute = execute;
  }

  /** What the server lists, but is not offered, each with the reason. */
  get leftOut(): readonly string[] {
    return this.#leftOut;
  }

  /** Whether the server has ever listed them. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  list(): readonly RemoteTool[] {
    return [...this.#tools.values()];
  }

  get(name: string): RemoteTool | undefined {
    return this.#tools.get(name);
  }

  /** Whether it is offered as it was when `remote` was made of it. */
  isCurrent({ tool }: RemoteTool): boolean {
    const now = this.#tools.get(tool.name)?.tool;
    return now?.fingerprint === tool.fingerprint && now.approval === tool.approval;
  }

  take({ definitions, leftOut }: ToolListing): void {
    const tools = new Map<string, RemoteTool>();
    const refused: string[] = [];
    for (const definition of definitions) {
      if (this.#settings.settingsOf(definition.name).disabled === true) continue;
      try {
        const remote = toRemoteTool(this.#settings, definition, this.#execute);
        const { name } = remote.tool;
        const taken = tools.get(name)?.definition.name;
        if (taken === undefined) tools.set(name, remote);
        else refused.push(`${definition.name}: it would be called ${name}, as ${taken} is`);
      } catch (error) {
        refused.push(`${definition.name}: ${messageOf(error)}`);
      }
    }
    this.#tools = tools;
    this.#isKnown = true;
    this.#leftOut = [...leftOut, ...refused];
  }
}
