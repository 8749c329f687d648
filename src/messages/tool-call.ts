/** A whole tool call, as OpenAI's wire has it. `arguments` is the JSON text the model wrote. */
export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** What one delta adds to a call. `index` is the call's place in its message, from 0. */
export interface ToolCallPiece {
  readonly index: number;
  readonly id?: string;
  readonly type?: 'function';
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

/** A tool as it is offered to a model. `parameters` is a JSON Schema of an object. */
export interface ToolSpec {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}
