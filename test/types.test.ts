import type { OpenAI } from 'openai';
import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  defineTool,
  type ChatModel,
  type MessageChunk,
  type Run,
  type RunOptions,
  type RunOutcome,
  type Sandbox,
  type SAgent,
  type Tool,
  type ToolContext,
} from 'sagents';
import { scriptedModel, type ScriptedModel } from 'sagents/testing';

describe('a chat model', () => {
  test('is the client of the openai package', () => {
    expectTypeOf<OpenAI>().toExtend<ChatModel>();
  });

  test('is the scripted model', () => {
    expectTypeOf(scriptedModel).returns.toEqualTypeOf<ScriptedModel>();
    expectTypeOf<ScriptedModel>().toExtend<ChatModel>();
    expectTypeOf<ScriptedModel>().toExtend<RunOptions['model']>();
  });

  test('is not what has no completions', () => {
    expectTypeOf<{ chat: object }>().not.toExtend<ChatModel>();
  });
});

describe('defineTool', () => {
  const look = { name: 'look', description: 'Looks.' } as const;

  test('gives execute the arguments its zod schema reads', () => {
    const parameters = z.object({ path: z.string(), limit: z.number().default(10), far: z.boolean().optional() });
    const made = defineTool({
      ...look,
      parameters,
      execute: (args) => {
        expectTypeOf(args).toEqualTypeOf<{ path: string; limit: number; far?: boolean | undefined }>();
      },
    });
    expectTypeOf(made).toEqualTypeOf<Tool>();
  });

  test('gives execute the arguments a JSON Schema describes', () => {
    const at = { type: 'array', items: { type: 'number' } } as const;
    defineTool({
      ...look,
      parameters: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          limit: { type: 'integer', default: 10 },
          mode: { enum: ['text', 'bytes'] },
          place: { type: 'object', properties: { at }, required: ['at'] },
        },
        required: ['path'],
      },
      execute: (args) => {
        expectTypeOf(args.path).toEqualTypeOf<string>();
        expectTypeOf(args.limit).toEqualTypeOf<number>();
        expectTypeOf(args.mode).toEqualTypeOf<'text' | 'bytes' | undefined>();
        expectTypeOf(args.place?.at).toEqualTypeOf<number[] | undefined>();
      },
    });
  });

  test('gives execute a plain record where nothing says what it holds', () => {
    const parameters: Readonly<Record<string, unknown>> = { type: 'object' };
    defineTool({ ...look, parameters, execute: (args) => expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>() });
    defineTool({ ...look, execute: (args) => expectTypeOf(args).toEqualTypeOf<Record<string, unknown>>() });
  });

  test('gives a sandbox to a tool that needs one, and to no other', () => {
    const execute = (_: unknown, context: ToolContext) => context;
    defineTool({
      ...look,
      sandbox: 'needed',
      execute: (_, { sandbox }) => expectTypeOf(sandbox).toEqualTypeOf<Sandbox>(),
    });
    defineTool({
      ...look,
      sandbox: 'none',
      execute: (_, context) => expectTypeOf(context).toEqualTypeOf<ToolContext>(),
    });
    defineTool({ ...look, execute: (_, context) => expectTypeOf(context).not.toHaveProperty('sandbox') });
    expectTypeOf(defineTool({ ...look, execute })).toEqualTypeOf<Tool>();
  });
});

describe('a run', () => {
  test('is an async generator of batches that returns its outcome', () => {
    expectTypeOf<Run>().toExtend<AsyncGenerator<MessageChunk[], RunOutcome, void>>();
    expectTypeOf<ReturnType<SAgent['runStream']>>().toEqualTypeOf<Run>();
  });

  test('tells its ids, and its outcome as a promise', () => {
    expectTypeOf<Run['outcome']>().toEqualTypeOf<Promise<RunOutcome>>();
    expectTypeOf<Pick<Run, 'sessionId' | 'runId'>>().toEqualTypeOf<{
      readonly sessionId: string;
      readonly runId: string;
    }>();
  });

  test('needs these options, and no other', () => {
    type Required = {
      [Key in keyof RunOptions]-?: object extends Pick<RunOptions, Key> ? never : Key;
    }[keyof RunOptions];
    expectTypeOf<Required>().toEqualTypeOf<
      'inputMessages' | 'model' | 'modelConfig' | 'systemPrefix' | 'maxLoopCount'
    >();
  });
});
