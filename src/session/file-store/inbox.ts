import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { readInboxMessage, type InboxMessage, type SentMessage } from '../inbox-message.ts';
import { hasCode } from './store-error.ts';

const lookEveryMs = 100;

/** Stands between the session's id, which cannot hold it, and the rest of a message's name. */
const separator = '~';

export interface Receiver {
  /** Whether the session is still ours: one that was taken over has another owner to hear its messages. */
  readonly mayTake: () => boolean;
  readonly receive: (message: InboxMessage) => void;
}

/**
 * Messages to sessions that other processes run: one file a message, `<root>/~inbox/<session>~<time>-<id>.json`.
 *
 * One folder for all sessions of a root: whoever runs many sessions looks into one place, every 100 ms, and only while it runs
 * any. A message is taken away before it is handed over, so it is handed over once at most; who sent it looks whether it worked.
 */
export class Inbox {
  readonly #folder: string;
  readonly #receivers = new Map<string, Receiver>();
  /** Of the newest message sent from here: two in one millisecond keep their order. */
  #lastTick = 0;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(root: string) {
    this.#folder = join(root, `${separator}inbox`);
  }

  /** Written, synced, renamed: a message is there whole, or not at all. */
  async send(sessionId: string, message: InboxMessage): Promise<SentMessage> {
    await mkdir(this.#folder, { recursive: true });
    this.#lastTick = Math.max(Date.now(), this.#lastTick + 1);
    const name = `${sessionId}${separator}${String(this.#lastTick).padStart(15, '0')}-${nanoid()}`;
    const path = join(this.#folder, `${name}.json`);
    const unfinished = join(this.#folder, `${name}.part`);
    try {
      await using file = await open(unfinished, 'wx');
      await file.writeFile(JSON.stringify(message));
      await file.sync();
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    return { withdraw: () => rm(path, { force: true }) };
  }

  /** Hands over what is sent to the session until the result is called; what one sender sends keeps its order. */
  receive(sessionId: string, receiver: Receiver): () => void {
    this.#receivers.set(sessionId, receiver);
    this.#timer ??= setInterval(() => void this.#look(), lookEveryMs).unref();
    return () => {
      if (this.#receivers.get(sessionId) === receiver) this.#receivers.delete(sessionId);
      if (this.#receivers.size === 0) this.close();
    };
  }

  /** Takes away what was sent to a session. */
  async clear(sessionId: string): Promise<void> {
    const names = await this.#names();
    await Promise.all(names.filter((name) => sessionOf(name) === sessionId).map((name) => this.#remove(name)));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (const name of await this.#names()) await this.#takeIfPossible(name);
    } catch {
      // A folder that cannot be read now is looked at again; who has sent something waits for the run, not for us.
    } finally {
      this.#isLooking = false;
    }
  }

  /** One that cannot be taken must not stand in the way of the others. */
  async #takeIfPossible(name: string): Promise<void> {
    try {
      await this.#take(name);
    } catch {
      // It was withdrawn meanwhile, or is no file: whoever sent it sees that nothing came of it.
    }
  }

  async #take(name: string): Promise<void> {
    const sessionId = sessionOf(name);
    if (!name.endsWith('.json') || this.#receivers.get(sessionId)?.mayTake() !== true) return;
    const text = await readFile(join(this.#folder, name), 'utf8');
    await this.#remove(name);
    const message = readInboxMessage(text);
    // What is no message is dropped: nobody else would ever take it away.
    if (message !== undefined) this.#receivers.get(sessionId)?.receive(message);
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#folder)).sort();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async #remove(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true });
  }
}

function sessionOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf(separator)));
}
