import type { ChatModel, ChatRequest, ChatRequestOptions, ModelRequest } from './model.ts';

/** The longest a timer can wait: the client's own timer never fires before ours. */
const noTimeout = 2 ** 31 - 1;

export type CreateArguments = [body: ChatRequest, options: ChatRequestOptions];

/**
 * The arguments of `chat.completions.create` for a request.
 *
 * The `openai` client is handed the body as a ready JSON string, so that nobody parses or serialises the history again;
 * any other client gets the same body as an object. A parameter may override `stream_options` (`null` or `undefined`
 * leaves it out), but not `messages` and `stream`.
 */
export function toCreateArguments(model: ChatModel, request: ModelRequest, signal: AbortSignal): CreateArguments {
  const rest = withoutEmptyStreamOptions({
    stream_options: { include_usage: true },
    ...request.parameters,
    stream: true,
    messages: undefined,
    ...(request.tools === undefined ? {} : { tools: undefined }),
  });
  const options = { signal, maxRetries: 0, timeout: noTimeout };
  if (takesReadyBody(model)) {
    // Of the first argument the client then only reads `stream`.
    const { model: name } = request.parameters;
    return [
      { model: name, messages: [], stream: true, stream_options: { include_usage: true } },
      { ...options, body: toJson(rest, request), headers: { 'content-type': 'application/json' } },
    ];
  }
  return [toObject(rest, request), options];
}

type Rest = Readonly<Record<string, unknown>>;

function withoutEmptyStreamOptions(rest: Rest): Rest {
  return rest['stream_options'] == null ? { ...rest, stream_options: undefined } : rest;
}

function toJson(rest: Rest, { messages, tools }: ModelRequest): string {
  const head = JSON.stringify(rest).slice(0, -1);
  const offered = tools === undefined ? '' : `,"tools":${tools}`;
  return `${head},"messages":[${messages.join(',')}]${offered}}`;
}

function toObject(rest: Rest, { messages, tools }: ModelRequest): ChatRequest {
  const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...defined,
    messages: messages.map((message) => JSON.parse(message) as unknown),
    ...(tools === undefined ? {} : { tools: JSON.parse(tools) as unknown[] }),
  } as unknown as ChatRequest;
}

/** What a wrapper may replace on a client to see or change the body on its way out. */
const hooks = ['post', 'methodRequest', 'request', 'makeRequest', 'prepareOptions', 'buildRequest', 'buildBody'];

/**
 * Whether this is the `openai` package's own client, as it was made. Everything else wants to see the body as an
 * object: subclasses (Azure puts the model into the path), proxies, patched methods, clients with a provider plug-in.
 */
function takesReadyBody(model: ChatModel): boolean {
  const client = model as ChatModel & Record<string, unknown>;
  const proto = Object.getPrototypeOf(client) as object | null;
  if (proto === null || Object.getPrototypeOf(proto) !== Object.prototype) return false;
  if (proto.constructor.name !== 'OpenAI' || typeof client['post'] !== 'function') return false;
  if (client['_provider'] !== undefined || hooks.some((hook) => Object.hasOwn(client, hook))) return false;

  const { completions } = client.chat;
  const create = Reflect.get(completions, 'create') as { readonly name: string; readonly length: number };
  const inherited: unknown = Reflect.get(Object.getPrototypeOf(completions) as object, 'create');
  // Patches of the prototype, as tracing tools make them, rarely keep both name and arity.
  return create === inherited && create.name === 'create' && create.length === 2;
}
