import { SageError } from '../errors.ts';
import type { ToolSource } from './tool-manager.ts';
import type { Tool } from './tool.ts';

/** A manager's tools, narrowed to those that are named. Tools registered later join if they are named. */
export class ToolProxy implements ToolSource {
  readonly #source: ToolSource;
  readonly #allow: ReadonlySet<string>;

  /** @throws {SageError} `invalid-argument` for a name the source does not know. */
  constructor(source: ToolSource, { allow }: { readonly allow: readonly string[] }) {
    const unknown = allow.filter((name) => source.getTool(name) === undefined);
    if (unknown.length > 0) {
      const allowed = source
        .listTools()
        .map((tool) => tool.name)
        .join(', ');
      throw new SageError(
        'invalid-argument',
        `There is no tool ${unknown.join(', ')} to allow. Known tools: ${allowed}.`,
        {
          option: 'allow',
          given: allow,
          allowed,
        },
      );
    }
    this.#source = source;
    this.#allow = new Set(allow);
  }

  listTools(): readonly Tool[] {
    return this.#source.listTools().filter(({ name }) => this.#allow.has(name));
  }

  pendingPrefixes(): readonly string[] {
    const prefixes = this.#source.pendingPrefixes?.() ?? [];
    return prefixes.filter((prefix) => [...this.#allow].some((name) => name.startsWith(prefix)));
  }

  getTool(name: string): Tool | undefined {
    return this.#allow.has(name) ? this.#source.getTool(name) : undefined;
  }
}
