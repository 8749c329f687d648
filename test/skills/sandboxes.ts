import { join } from 'node:path';
import { openSandbox } from '../../src/index.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { FolderSandbox } from '../../src/sandbox/folder-sandbox.ts';
import { openLocal } from '../sandbox/local/helpers.ts';
import { temporaryWorkspace } from '../sandbox/helpers.ts';
import { Hosted } from '../sandbox/remote/hosted.ts';

export interface OpenedSandbox extends AsyncDisposable {
  readonly sandbox: Sandbox;
}

const closing = (sandbox: Sandbox): OpenedSandbox => ({
  sandbox,
  [Symbol.asyncDispose]: () => sandbox.close(),
});

async function openPassthrough(): Promise<Sandbox> {
  const root = await temporaryWorkspace();
  return await openSandbox({ type: 'passthrough', workspace: join(root, 'workspace'), root });
}

/** Every kind of place that skills are copied to. */
export const sandboxes: readonly (readonly [name: string, open: () => Promise<OpenedSandbox>])[] = [
  ['passthrough', async () => closing(await openPassthrough())],
  ['local', async () => closing(await openLocal())],
  [
    'remote',
    async () => {
      const server = await Hosted.start();
      const sandbox = await server.open();
      const close = async () => {
        await sandbox.close();
        await server[Symbol.asyncDispose]();
      };
      return { sandbox, [Symbol.asyncDispose]: close };
    },
  ],
  [
    'a folder of one',
    async () => {
      const whole = await openPassthrough();
      return { sandbox: new FolderSandbox(whole, 'sub_agents/a'), [Symbol.asyncDispose]: () => whole.close() };
    },
  ],
];
