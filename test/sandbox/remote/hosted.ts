import { join } from 'node:path';
import {
  createSandboxServer,
  type SandboxServer,
  type SandboxServerOptions,
} from '../../../src/cli/sandbox-server/sandbox-server.ts';
import { openPassthroughSandbox } from '../../../src/sandbox/passthrough/passthrough-sandbox.ts';
import { openRemoteSandbox, type RemoteSandboxOptions } from '../../../src/sandbox/remote/remote-sandbox.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { temporaryWorkspace } from '../helpers.ts';

export const token = 'token-for-tests';

/** Our server in front of the host itself, on a free port, and where it is. */
export class Hosted implements AsyncDisposable {
  readonly #server: SandboxServer;
  readonly url: string;
  /** Host and port. */
  readonly domain: string;
  /** Each client's sandbox is in here, under the name it asks for. */
  readonly folder: string;
  readonly errors: unknown[];

  constructor(server: SandboxServer, url: string, folder: string, errors: unknown[]) {
    this.#server = server;
    this.url = url;
    this.domain = new URL(url).host;
    this.folder = folder;
    this.errors = errors;
  }

  static async start(options: Partial<SandboxServerOptions> = {}): Promise<Hosted> {
    const folder = await temporaryWorkspace();
    const errors: unknown[] = [];
    const server = createSandboxServer({
      root: join(folder, 'root'),
      token: token,
      workspacePath: join(folder, 'workspace'),
      // The host shows no folder under another name: the workspace is where the client wants to see it.
      openSandbox: ({ workspacePath, env }) => openPassthroughSandbox({ workspace: workspacePath, env }),
      onError: (error) => errors.push(error),
      ...options,
    });
    return new Hosted(server, await server.listen(), folder, errors);
  }

  /** A sandbox of ours on this server, its workspace empty. */
  async open(options: Partial<RemoteSandboxOptions> = {}, domain = this.domain): Promise<Sandbox> {
    return await openRemoteSandbox({
      workspace: await temporaryWorkspace(),
      ...options,
      remote: { domain, protocol: 'http', apiKey: token, ...options.remote },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
  }
}
