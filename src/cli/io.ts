import type { Sandbox } from '../sandbox/sandbox.ts';
import type { HostedOpening } from './sandbox-server/hosting.ts';

/** What a command has of the world. */
export interface Io {
  /** The package.json of this package. */
  readonly packageFile: URL;
  readonly env: Record<string, string | undefined>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Aborts when the process is asked to end. */
  readonly stop: AbortSignal;
  readonly openSandbox: (opening: HostedOpening) => Promise<Sandbox>;
  /** @throws what keeps sandboxes from being opened here. */
  readonly probe: (options: Pick<HostedOpening, 'workspace' | 'root'>) => Promise<unknown>;
}

/** 0 for success, 1 for a failure, 2 for a command line that cannot be meant. */
export type ExitCode = 0 | 1 | 2;
