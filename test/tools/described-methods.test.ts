import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { MethodDescriptions } from '../../src/tools/described-methods.ts';
import { ToolManager } from '../../src/tools/tool-manager.ts';
import type { ToolContext } from '../../src/tools/tool.ts';
import { tool } from './helpers.ts';

class Warehouse {
  static readonly tools = {
    stock: {
      description: 'Tells how many pieces of an article are there.',
      parameters: z.object({ article: z.string() }),
      effect: 'none',
    },
    order: {
      name: 'order_article',
      description: 'Orders an article.',
      parameters: { properties: { article: { type: 'string' } }, required: ['article'] },
      approval: 'ask',
    },
    count: { description: 'Counts everything.' },
  } satisfies MethodDescriptions<Warehouse>;

  readonly #pieces = new Map([['bolt', 1_200]]);

  stock({ article }: { readonly article: string }): number {
    return this.#pieces.get(article) ?? 0;
  }

  order({ article }: { readonly article: string }, { userId }: ToolContext): string {
    return `${article} for ${userId}`;
  }

  async *count(): AsyncGenerator<string, number> {
    for (const article of this.#pieces.keys()) yield article;
    return this.#pieces.size;
  }

  secret(): string {
    return 'never told';
  }
}

describe('an object whose methods are described', () => {
  test('gives a tool for each description, and for no other method', () => {
    const manager = new ToolManager();
    const registered = manager.registerToolsFromObject(new Warehouse());
    expect(registered.map(({ name }) => name)).toEqual(['stock', 'order_article', 'count']);
    expect(manager.listToolsSimplified()).toEqual([
      { name: 'count', description: 'Counts everything.' },
      { name: 'order_article', description: 'Orders an article.' },
      { name: 'stock', description: 'Tells how many pieces of an article are there.' },
    ]);
    expect(manager.getTool('stock')).toMatchObject({ effect: 'none', approval: 'allow' });
    expect(manager.getTool('order_article')).toMatchObject({ effect: 'once', approval: 'ask' });
  });

  test('has its methods called on it, with checked arguments and the context', async () => {
    const manager = new ToolManager();
    manager.registerToolsFromObject(new Warehouse());
    expect(await manager.runTool('stock', { article: 'bolt' })).toBe(1_200);
    expect(await manager.runTool('order_article', { article: 'nut' }, { userId: 'ada' })).toBe('nut for ada');
    await expect(manager.runTool('stock', { article: 1 })).rejects.toThrow('article: Invalid input');
    const progress: string[] = [];
    expect(await manager.runTool('count', {}, { onProgress: (text) => progress.push(text) })).toBe(1);
    expect(progress).toEqual(['bolt']);
  });

  test('may describe them itself, and have tools among its values beside', () => {
    const manager = new ToolManager();
    const plain = { tools: { hello: { description: 'Greets.' } }, hello: () => 'Hello', look: tool('look', () => 1) };
    manager.registerToolsFromObject(plain);
    expect(manager.listTools().map(({ name }) => name)).toEqual(['hello', 'look']);
  });

  test('may stand among the values of another, as lists of tools may', () => {
    const warehouse = new Warehouse();
    const manager = new ToolManager();
    const look = tool('look', () => 1);
    const other = { tools: { hello: { description: 'Greets.' } }, hello: () => 'Hello' };
    const source = {
      warehouse,
      again: warehouse,
      list: [look, other],
      look,
      params: { tools: [{ type: 'function' }] },
    };
    const registered = manager.registerToolsFromObject(source);
    expect(registered.map(({ name }) => name)).toEqual(['stock', 'order_article', 'count', 'look', 'hello']);
  });

  test.each([
    ['a method that is not there', { tools: { fly: { description: 'Flies.' } } }, 'tools.fly is described, but'],
    ['no text', { tools: { fly: {} }, fly: () => 'up' }, 'tools.fly has no text'],
  ])('is refused when it describes %s', (_, source, message) => {
    expect(() => new ToolManager().registerToolsFromObject(source)).toThrow(message);
  });

  test('is held to the types of its methods', () => {
    type Stock = NonNullable<MethodDescriptions<Warehouse>['stock']>;
    const wrong = { description: '', parameters: z.object({ article: z.number() }) };
    const right = { description: '', parameters: z.object({ article: z.string() }) };
    expectTypeOf<typeof wrong>().not.toExtend<Stock>();
    expectTypeOf<typeof right>().toExtend<Stock>();
    expectTypeOf<keyof MethodDescriptions<Warehouse>>().toEqualTypeOf<'stock' | 'order' | 'count' | 'secret'>();
  });
});
