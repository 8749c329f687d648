import { expect, test } from 'vitest';
import type { AnswerParts, ScriptedAnswer } from 'sagents/testing';
import { record, scriptedModel, stall } from 'sagents/testing';
import type { ChatRequest } from '../../../src/model/model.ts';
import { say, type SentMessage } from '../answers.ts';
import { Provider } from '../provider.ts';
import { entriesIn, mustBePaired } from '../rules.ts';
import { TemporaryRoot } from '../temporary-root.ts';
import { Victim } from '../victim-process.ts';
import { flowAnswer, flowAnswersFor, nodeOf } from './flow-answers.ts';
import { createFlowAgent, flowOptions } from './flow-program.ts';
import { Walk } from './walk.ts';

const sessionId = 's';
const content = 'In green, please.';

test('guidance that was pending when a process died is delivered at the next model call of the run', async () => {
  using root = new TemporaryRoot();
  const silent: AnswerParts = { at: { 0: stall } };
  const left: AnswerParts = { text: ['one ', 'two '], at: { 2: stall } };
  const answers = answersWith({ left: [left], right: [silent], paint: [silent] });
  await using provider = await Provider.start(answers);
  await using victim = new Victim({ ...flowIn(root), provider: provider.url, guidance: { at: 'two ', content } });
  await victim.until(({ words }) => words.some(({ type }) => type === 'guided'));
  await victim.kill();

  const requests: (readonly SentMessage[])[] = [];
  await using agent = createFlowAgent(root.path);
  expect((await agent.listPendingUserInjections(sessionId)).map(({ guidance_id }) => guidance_id)).toEqual([content]);
  const model = scriptedModel(flowAnswersFor(0, (messages) => requests.push(messages)));
  const { outcome } = await record(agent.runStream(flowOptions({ root: root.path, sessionId, model })));
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done', pendingGuidance: [] });
  for (const request of requests) mustBePaired(request);
  expect(requests.map((messages) => messages.filter((message) => message.content === content).length)).toEqual(
    requests.map(() => 1),
  );
});

test('guidance being answered after the flow when a process died is answered there, by the node as it is configured', async () => {
  using root = new TemporaryRoot();
  const guided = Promise.withResolvers<void>();
  await using provider = await Provider.start(
    answersWith({
      writer: [
        { text: ['one ', 'two.'], at: { 2: () => guided.promise } },
        { text: ['In ', 'green '], at: { 2: stall } },
      ],
    }),
  );
  await using victim = new Victim({ ...flowIn(root), provider: provider.url, guidance: { at: 'two.', content } });
  await victim.until(({ words }) => words.some(({ type }) => type === 'guided'));
  guided.resolve();
  await victim.until(({ chunks }) => chunks.some((chunk) => chunk.content === 'green '));
  await victim.kill();
  const journal = root.file(sessionId, 'journal.jsonl');
  const crashed = new Walk(entriesIn(journal));
  expect([crashed.left.has('root'), crashed.agentsAtWork]).toEqual([true, ['guidance/1']]);

  const model = scriptedModel(['it is.']);
  await using agent = createFlowAgent(root.path);
  const { outcome, text } = await record(agent.runStream(flowOptions({ root: root.path, sessionId, model })));
  expect(outcome).toMatchObject({ status: 'completed', reason: 'done', runId: crashed.runId, pendingGuidance: [] });
  expect(text).toBe('it is.');
  const messages = model.requests[0]?.messages as readonly SentMessage[];
  expect(nodeOf(messages)).toBe('writer');
  expect(messages.slice(-4)).toMatchObject([
    { content: 'one two.' },
    { role: 'user', content },
    { content: 'In green ' },
    { role: 'user', content: expect.stringContaining('cut off') },
  ]);
  const walk = new Walk(entriesIn(journal));
  expect([...walk.left].filter((path) => path.startsWith('guidance/'))).toEqual(['guidance/1']);
  const speakers = (await agent.getMessages(sessionId))?.map(({ agent_name, content: said }) => [agent_name, said]);
  expect(speakers?.slice(-4, -1)).toEqual([
    [undefined, content],
    ['writer', 'In green '],
    ['writer', 'it is.'],
  ]);
});

const flowIn = ({ path }: TemporaryRoot) =>
  ({ root: path, sessionId, input: say(1), program: 'flow', paceMs: 0 }) as const;

/** As the model of the flow answers, but for the first answers of some nodes. */
function answersWith(first: Readonly<Record<string, readonly AnswerParts[]>>): readonly ScriptedAnswer[] {
  const left = new Map(Object.entries(first).map(([node, answers]) => [node, [...answers]]));
  const answer = ({ messages }: ChatRequest): AnswerParts =>
    left.get(nodeOf(messages))?.shift() ?? flowAnswer(messages, 0);
  return Array.from({ length: 100 }, () => answer);
}
