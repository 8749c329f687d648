import { randomUUID } from 'node:crypto';
import type { BackgroundCommand } from '../../sandbox/background.ts';
import { HttpError } from './http.ts';

/** A command of a sandbox, as it can be asked about. */
export interface CommandRecord {
  readonly id: string;
  readonly command: string;
  readonly startedAt: Date;
  finishedAt: Date | undefined;
  exitCode: number | undefined;
  readonly stopped: AbortController;
  /** For one whose output nobody streams. */
  background: BackgroundCommand | undefined;
}

/** How many that have ended can still be asked about. */
const mostEnded = 256;

/** The commands of one sandbox, the oldest first. */
export class CommandTable {
  readonly #records = new Map<string, CommandRecord>();
  readonly #mostRunning: number;
  #running = 0;

  constructor(mostRunning: number) {
    this.#mostRunning = mostRunning;
  }

  /** @throws {HttpError} 429 when as many run as may. */
  begin(command: string): CommandRecord {
    if (this.#running >= this.#mostRunning) {
      throw new HttpError(
        429,
        'TOO_MANY_COMMANDS',
        `${this.#mostRunning} commands run in this sandbox. Wait until one ends.`,
      );
    }
    const record: CommandRecord = {
      id: `cmd-${randomUUID()}`,
      command,
      startedAt: new Date(),
      finishedAt: undefined,
      exitCode: undefined,
      stopped: new AbortController(),
      background: undefined,
    };
    this.#running += 1;
    this.#records.set(record.id, record);
    return record;
  }

  end(record: CommandRecord, exitCode: number | undefined): void {
    record.finishedAt = new Date();
    record.exitCode = exitCode;
    this.#running -= 1;
    const ended = [...this.#records.values()].filter(({ finishedAt }) => finishedAt !== undefined);
    for (const { id } of ended.slice(0, -mostEnded)) this.#records.delete(id);
  }

  /** @throws {HttpError} 404 for one nobody knows, or that is forgotten. */
  get(id: string): CommandRecord {
    const record = this.#records.get(id);
    if (record !== undefined) return record;
    throw new HttpError(404, 'COMMAND_NOT_FOUND', `There is no command "${id}" in this sandbox.`);
  }
}
