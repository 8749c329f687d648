import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { record, scriptedModel } from 'sagents/testing';
import { say } from '../answers.ts';
import { flowAnswersFor } from './flow-answers.ts';
import { createFlowAgent, flowOptions } from './flow-program.ts';

/** The journal of a run through the whole flow that nothing disturbed. */
export async function recordFlow(root: string): Promise<Buffer> {
  const sessionId = 'recorded';
  const model = scriptedModel(flowAnswersFor(0, () => {}));
  await using agent = createFlowAgent(root);
  await record(agent.runStream(flowOptions({ root, sessionId, input: say(1), model })));
  return readFileSync(join(root, sessionId, 'journal.jsonl'));
}
