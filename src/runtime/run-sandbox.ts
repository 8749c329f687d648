import { openSandbox, probeSandbox } from '../sandbox/open-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ToolSource } from '../tools/tool-manager.ts';
import type { CheckedOptions } from './check-options.ts';

/** The sandbox of one run: opened at the first call of a tool that needs it, closed with the run. */
export class RunSandbox {
  readonly #options: Pick<CheckedOptions, 'sandboxType' | 'workspace'>;
  #opened: Promise<Sandbox> | undefined;

  constructor(options: Pick<CheckedOptions, 'sandboxType' | 'workspace'>) {
    this.#options = options;
  }

  /** @throws {SageError} `sandbox-unavailable` when a tool is offered that could never run. */
  async probe(tools: ToolSource | undefined): Promise<void> {
    if (!tools?.listTools().some(({ sandbox }) => sandbox === 'needed')) return;
    await probeSandbox(this.#options.sandboxType, this.#options.workspace);
  }

  /** @throws {SageError} `sandbox-error`, `sandbox-unavailable`. */
  readonly open = (): Promise<Sandbox> => {
    const { sandboxType: type, workspace } = this.#options;
    this.#opened ??= openSandbox({ type, workspace });
    return this.#opened;
  };

  async close(): Promise<void> {
    // One that never opened has said so to the call that wanted it.
    const sandbox = await this.#opened?.catch(() => undefined);
    await sandbox?.close();
  }
}
