import { spawn, type ChildProcess } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SageError } from '../../errors.ts';
import type { WorkspaceFiles } from '../workspace-files.ts';
import { confined, processArgs, systemArgs, volumeArgs, type View } from './bwrap-args.ts';
import type { FileAnswer, FileOperation, HelperSetup } from './helper-protocol.ts';
import type { User } from './workspace-user.ts';

export interface FileHelper {
  readonly files: WorkspaceFiles;
  close(): Promise<void>;
}

/** Started at the first operation, and again should it have died: none of them is left half done in it. */
export function createFileHelper(view: View, user: User | undefined): FileHelper {
  let connection: Connection | undefined;
  const ask = (operation: FileOperation, args: readonly unknown[]): Promise<unknown> => {
    if (connection?.isOpen !== true) connection = new Connection(view, user);
    return connection.ask(operation, args);
  };
  // The helper answers with what the operation of that name returns.
  const on = <Name extends FileOperation>(name: Name): WorkspaceFiles[Name] =>
    ((...args: readonly unknown[]) => ask(name, args)) as unknown as WorkspaceFiles[Name];
  return {
    files: {
      readFile: on('readFile'),
      writeFile: on('writeFile'),
      list: on('list'),
      stat: on('stat'),
      move: on('move'),
      remove: on('remove'),
      glob: on('glob'),
    },
    close: async () => connection?.close(),
  };
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class Connection {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #said = '';
  isOpen = true;

  constructor(view: View, user: User | undefined) {
    this.#child = startHelper(view, user);
    this.#child.on('message', (answer: FileAnswer) => this.#settle(answer));
    this.#child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (this.#said = (this.#said + text).slice(-2_000)));
    this.#ended = new Promise((done) => {
      const onEnd = (error?: unknown) => {
        this.#fail(error);
        done();
      };
      this.#child.once('error', onEnd);
      this.#child.once('exit', () => onEnd());
    });
    this.#letGo();
  }

  ask(operation: FileOperation, args: readonly unknown[]): Promise<unknown> {
    const id = (this.#lastId += 1);
    this.#hold();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.send({ id, operation, args }, (error) => error !== null && this.#fail(error));
    });
  }

  async close(): Promise<void> {
    this.#child.ref();
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #settle(answer: FileAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) this.#letGo();
    if ('value' in answer) return pending?.resolve(answer.value);
    const { message, path } = answer.error;
    pending?.reject(new SageError('sandbox-error', message, path === undefined ? {} : { path }));
  }

  #fail(cause: unknown): void {
    this.isOpen = false;
    const said = this.#said.trim();
    const message = `The helper that does the file operations of the sandbox ended. Try again${said === '' ? '' : `; it said: ${said}`}.`;
    for (const { reject } of this.#pending.values()) reject(new SageError('sandbox-error', message, {}, { cause }));
    this.#pending.clear();
  }

  /** Only while an answer is awaited does it keep this process alive. */
  #hold(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  #letGo(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    (this.#child.stderr as unknown as { unref(): void } | null)?.unref();
  }
}

const helperNode = '/run/sagents/node';

/**
 * As root the helper begins as root, so that it can be shown a workspace or a Node that other users cannot reach; it has
 * no capability but to become another user, and does that before anything else.
 */
function startHelper(view: View, user: User | undefined): ChildProcess {
  const { folder, entry, flags } = helperCode();
  const setup: HelperSetup = {
    workspace: view.workspace,
    mountPaths: view.mounts.map(({ mountPath }) => mountPath),
    ...(user === undefined ? {} : { user }),
  };
  const confinement =
    user === undefined
      ? [...confined, '--unshare-net']
      : [
          '--unshare-pid',
          '--unshare-ipc',
          '--unshare-uts',
          '--unshare-cgroup-try',
          '--unshare-net',
          '--new-session',
          '--die-with-parent',
          '--cap-drop',
          'ALL',
          '--cap-add',
          'CAP_SETUID',
          '--cap-add',
          'CAP_SETGID',
        ];
  const args = [
    ...confinement,
    ...systemArgs(),
    ...processArgs,
    '--dev',
    '/dev',
    '--perms',
    '0755',
    '--dir',
    '/etc',
    '--ro-bind-try',
    '/etc/ld.so.cache',
    '/etc/ld.so.cache',
    '--ro-bind',
    process.execPath,
    helperNode,
    '--ro-bind',
    folder,
    '/run/sagents/code',
    ...volumeArgs(view),
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    helperNode,
    ...flags,
    `/run/sagents/code/${entry}`,
    JSON.stringify(setup),
  ];
  return spawn('bwrap', args, {
    env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    detached: true,
  });
}

/** The package as it is published has the helper in one file; its source has it here, and Node takes the types away. */
function helperCode(): { folder: string; entry: string; flags: string[] } {
  const here = fileURLToPath(import.meta.url);
  if (!here.endsWith('.ts')) return { folder: dirname(here), entry: 'sandbox-helper.js', flags: [] };
  const folder = resolve(dirname(here), '../..');
  return { folder, entry: 'sandbox/local/helper-main.ts', flags: ['--experimental-strip-types'] };
}
