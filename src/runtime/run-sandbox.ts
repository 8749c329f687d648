import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { openSandbox, probeSandbox, type OpenSandboxOptions } from '../sandbox/open-sandbox.ts';
import type { BackgroundCommand } from '../sandbox/background.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ToolSource } from '../tools/tool-manager.ts';
import type { CheckedOptions } from './check-options.ts';

type SandboxChoice = Pick<
  CheckedOptions,
  'sandboxType' | 'sandboxId' | 'workspace' | 'volumeMounts' | 'sandboxOptions'
>;

/** The sandbox of one run: opened at the first call of a tool that needs it, closed with the run. */
export class RunSandbox {
  readonly #options: OpenSandboxOptions;
  #opened: Promise<Sandbox> | undefined;
  #current: Sandbox | undefined;

  constructor(choice: SandboxChoice, { root, sessionId }: { readonly root: string; readonly sessionId: string }) {
    const { sandboxType: type, sandboxId, workspace, volumeMounts: mounts, sandboxOptions } = choice;
    const which = sandboxId === undefined ? { sessionId } : { sandboxId };
    this.#options = { ...sandboxOptions, ...which, type, workspace, mounts, root };
  }

  /** The background commands that ended, and whose end whoever started them has not been told. */
  endedCommands(): readonly BackgroundCommand[] {
    const commands = this.#current?.backgroundCommands() ?? [];
    return commands.filter(({ result, isAcknowledged }) => result !== undefined && !isAcknowledged);
  }

  /** @throws {SageError} `sandbox-unavailable` when a tool is offered that could never run. */
  async probe(tools: ToolSource | undefined): Promise<void> {
    if (!tools?.listTools().some(({ sandbox }) => sandbox === 'needed')) return;
    await probeSandbox(this.#options);
  }

  /** @throws {SageError} `sandbox-error`, `sandbox-unavailable`. */
  readonly open = (): Promise<Sandbox> => {
    this.#opened ??= openSandbox(this.#options).then((sandbox) => (this.#current = sandbox));
    return this.#opened;
  };

  /** In a remote sandbox only where it is open. */
  readonly has = async (names: readonly string[]): Promise<boolean> => {
    const { type, workspace } = this.#options;
    const look =
      type === 'remote'
        ? (name: string) => this.#current?.stat(name)
        : (name: string) => lstat(path.join(workspace, name));
    const found = await Promise.all(names.map(async (name) => await look(name)?.catch(() => undefined)));
    return found.some((one) => one !== undefined);
  };

  async close(): Promise<void> {
    // One that never opened has said so to the call that wanted it.
    const sandbox = await this.#opened?.catch(() => undefined);
    await sandbox?.close();
  }
}
