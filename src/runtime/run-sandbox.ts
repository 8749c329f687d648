import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { openSandbox, probeSandbox, type OpenSandboxOptions } from '../sandbox/open-sandbox.ts';
import type { BackgroundCommand } from '../sandbox/background.ts';
import { toFolderPath } from '../sandbox/folder-path.ts';
import { FolderSandbox } from '../sandbox/folder-sandbox.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { CheckedOptions } from './options/check-options.ts';

type SandboxChoice = Pick<
  CheckedOptions,
  'sandboxType' | 'sandboxId' | 'workspace' | 'volumeMounts' | 'sandboxOptions'
>;

/** Where an agent of a run works: in all of the run's workspace, or in a folder of it. */
export interface Workplace {
  /** The same one each time. @throws {SageError} `sandbox-error`, `sandbox-unavailable`. */
  readonly open: () => Promise<Sandbox>;
  /** Whether one of the names is there; in a remote sandbox only where it is open. */
  readonly has: (names: readonly string[]) => Promise<boolean>;
  /** The background commands started there that ended, and whose end whoever started them has not been told. */
  endedCommands(): readonly BackgroundCommand[];
}

/** The sandbox of one run: opened at the first call of a tool that needs it, closed with the run. */
export class RunSandbox implements Workplace {
  readonly #options: OpenSandboxOptions;
  readonly #folders = new Map<string, FolderSandbox>();
  #opened: Promise<Sandbox> | undefined;
  #current: Sandbox | undefined;

  constructor(choice: SandboxChoice, { root, sessionId }: { readonly root: string; readonly sessionId: string }) {
    const { sandboxType: type, sandboxId, workspace, volumeMounts: mounts, sandboxOptions } = choice;
    const which = sandboxId === undefined ? { sessionId } : { sandboxId };
    this.#options = { ...sandboxOptions, ...which, type, workspace, mounts, root };
  }

  /** Without those of folders, which are told of there. */
  endedCommands(): readonly BackgroundCommand[] {
    const elsewhere = new Set([...this.#folders.keys()].flatMap((folder) => this.#commandsOf(folder)));
    const commands = this.#current?.backgroundCommands() ?? [];
    return commands.filter((command) => isUntold(command) && !elsewhere.has(command));
  }

  /**
   * A folder of the workspace, for an agent beside others; it is made when a tool first needs it. What `open` gives may
   * be closed before the run: the next `open` gives another one then.
   *
   * @throws {SageError} `invalid-argument` for a path that does not lead below the workspace.
   */
  folder(given: string): Workplace {
    const folder = toFolderPath(given);
    return {
      open: () => this.#openFolder(folder),
      has: (names) => this.has(names.map((name) => path.posix.join(folder, name))),
      endedCommands: () => this.#commandsOf(folder).filter(isUntold),
    };
  }

  /** For a run with tools that need it. @throws {SageError} `sandbox-unavailable` when they could never run. */
  async probe(): Promise<void> {
    await probeSandbox(this.#options);
  }

  readonly open = (): Promise<Sandbox> => {
    this.#opened ??= openSandbox(this.#options).then((sandbox) => (this.#current = sandbox));
    return this.#opened;
  };

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

  async #openFolder(folder: string): Promise<Sandbox> {
    const sandbox = await this.open();
    const known = this.#folders.get(folder);
    if (known?.isClosed === false) return known;
    const opened = new FolderSandbox(sandbox, folder);
    this.#folders.set(folder, opened);
    return opened;
  }

  /** None where it was closed: nobody is to be told of them. */
  #commandsOf(folder: string): readonly BackgroundCommand[] {
    const known = this.#folders.get(folder);
    return known?.isClosed === false ? known.backgroundCommands() : [];
  }
}

function isUntold({ result, isAcknowledged }: BackgroundCommand): boolean {
  return result !== undefined && !isAcknowledged;
}
