import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { ChatModel } from 'sagents';

export const repository = join(import.meta.dirname, '..');

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
  /** Of `output`. */
  readonly lines: readonly string[];
}

/** Runs a program of this repository, or of the folder `cwd`, as its readers do; no model endpoint is set but in `env`. */
export function runProgram(file: string, env: Readonly<Record<string, string>> = {}, cwd = repository): Promise<Ended> {
  return runNode(['--import', 'tsx', '--conditions', 'sagents-source', file], env, cwd);
}

export async function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = repository,
): Promise<Ended> {
  const {
    OPENAI_API_KEY: _key,
    OPENAI_BASE_URL: _url,
    SAGE_MODEL: _model,
    SAGE_SANDBOX_MODE: _mode,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const exitCode = await new Promise<number | null>((resolve, reject) =>
    child.on('close', resolve).on('error', reject),
  );
  return { exitCode, output, errors, lines: output.trimEnd().split('\n') };
}

export type Respond = (body: Body, response: ServerResponse) => Promise<void>;
type Body = Parameters<ChatModel['chat']['completions']['create']>[0];

/** An OpenAI-compatible endpoint on this machine. */
export async function serve(respond: Respond) {
  const models = new Set<string>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await json(request)) as Body;
    models.add(body.model);
    await respond(body, response);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    models,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with what an in-process model streams. */
export function answerWith(model: ChatModel): Respond {
  return async (body, response) => {
    const chunks = (await model.chat.completions.create(body, {
      signal: new AbortController().signal,
      maxRetries: 0,
    })) as AsyncIterable<unknown>;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  };
}
