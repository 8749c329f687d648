import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { SAgent, ToolManager, defineTool, textOf } from 'sagents';
import { z } from 'zod';
import { tool } from '../conversation.ts';
import type { Contender, ContenderOptions, Conversation } from '../conversation.ts';

/** Our run as its users write it, storing every piece with the default durability. */
export function createContender({ baseURL, folder }: ContenderOptions): Contender {
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  const agent = new SAgent({ sessionRootSpace: join(folder, 'sessions') });
  const model = new OpenAI({ baseURL, apiKey: 'x' });
  const conversations = new Map<string, Conversation>();
  const toolManager = new ToolManager({
    tools: [
      defineTool({
        ...tool,
        parameters: z.object({ n: z.number().optional(), text: z.string().optional() }),
        effect: 'none',
        execute: (args, { sessionId }) => conversations.get(sessionId)?.runTool(args),
      }),
    ],
  });
  return {
    async converse(conversation) {
      const { id, prior = [], input, onPiece } = conversation;
      conversations.set(id, conversation);
      const run = agent.runStream({
        sessionId: id,
        inputMessages: [...prior, { role: 'user', content: input }],
        model,
        // Room for the long history: nobody else compacts either.
        modelConfig: { model: 'bench', maxModelLen: 1_000_000 },
        systemPrefix: '',
        maxLoopCount: 1000,
        agentMode: 'simple',
        sandboxType: 'passthrough',
        sandboxAgentWorkspace: workspace,
        toolManager,
      });
      for await (const chunks of run) {
        for (const chunk of chunks) {
          if (!chunk.is_chunk) continue;
          const text = textOf(chunk);
          if (text !== '') onPiece(text);
          for (const { function: piece } of chunk.tool_calls ?? []) {
            if (piece?.arguments) onPiece(piece.arguments);
          }
        }
      }
      const { status, reason } = await run.outcome;
      if (status !== 'completed') throw new Error(`The run of ${id} ended ${status}: ${reason}.`);
    },
    async close() {
      await agent.close();
    },
  };
}
