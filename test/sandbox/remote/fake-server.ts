import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Answer = (response: ServerResponse, body: string) => void;

/** A server of the protocol that makes sandboxes, and answers commands and files as the test has it. */
export class FakeServer implements AsyncDisposable {
  readonly #server: Server;
  /** `POST /command` and the like, in their order. */
  readonly asked: string[] = [];
  /** By method and path below the sandbox, or of the lifecycle. */
  readonly answers: Record<string, Answer>;

  constructor(answers: Record<string, Answer>) {
    this.answers = answers;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(answers: Record<string, Answer> = {}): Promise<FakeServer> {
    const fake = new FakeServer(answers);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get domain(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/box(?=\/)/, '').replace(/\?.*/, '');
    const route = `${request.method} ${path}`;
    const body = await text(request);
    this.asked.push(route);
    const answer = this.answers[route] ?? this.#usual(route);
    answer(response, body);
  }

  #usual(route: string): Answer {
    if (route === 'POST /v1/sandboxes') {
      return json(202, { id: 'box', status: { state: 'Running' }, createdAt: new Date(), expiresAt: null });
    }
    if (route.startsWith('GET /v1/sandboxes/box/endpoints/')) return json(200, { endpoint: `${this.domain}/box` });
    if (route === 'POST /command') return answerCommands(() => [complete]);
    return (response) => void response.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

export function json(status: number, body: unknown): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

export const complete = { type: 'execution_complete', execution_time: 1 };

export function stdout(line: string) {
  return { type: 'stdout', text: line };
}

/**
 * In the manner of OpenSandbox's own server: one event for each line, without its break. What opening a sandbox asks for
 * is answered as it must be; `toEvents` is for the rest.
 */
export function answerCommands(toEvents: (command: string) => readonly object[] | 'cut'): Answer {
  return (response, body) => {
    const { command } = JSON.parse(body) as { readonly command: string };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    send(response, { type: 'init', text: 'cmd-1' });
    const root = /^cd '(.*)' && printf/.exec(command)?.[1];
    if (root !== undefined || command.startsWith('mkdir -p')) {
      for (const event of [stdout(`${root}//`), complete]) send(response, event);
      response.end();
      return;
    }
    const events = toEvents(command);
    if (events === 'cut') {
      send(response, stdout('begun'));
      setImmediate(() => response.destroy());
      return;
    }
    for (const event of events) send(response, event);
    response.end();
  };
}

function send(response: ServerResponse, event: object): void {
  response.write(`${JSON.stringify(event)}\n\n`);
}
