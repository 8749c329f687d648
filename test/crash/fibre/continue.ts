import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAgent, type RunOptions } from 'sagents';
import { record, scriptedModel } from 'sagents/testing';
import { readTree, type StoredTree } from '../../support/tree.ts';
import type { SentMessage } from '../answers.ts';
import { mustBePaired } from '../rules.ts';
import { tracePathOf } from '../run-options.ts';
import { readTraces, type Trace } from '../tools.ts';
import { fibreOptions } from './fibre-program.ts';
import { sessionId } from './recorded-tree.ts';
import { teamAnswersFor, whoIsAsked } from './team.ts';

/** What came of a tree that another agent has gone on with. */
export interface Continued {
  readonly outcome: Awaited<ReturnType<typeof record>>['outcome'];
  readonly tree: StoredTree;
  /** The requests it took, by who was asked. */
  readonly requests: ReadonlyMap<string, readonly (readonly SentMessage[])[]>;
  /** What tools did in this folder, by the call. */
  readonly traces: readonly Trace[];
  readonly journal: Buffer;
}

export interface GoingOn {
  /** What the user says, if anything. */
  readonly input?: string;
  /** Default: one that knows nothing of the tree. */
  readonly agent?: SAgent;
  readonly more?: Partial<RunOptions>;
}

/** Goes on with the tree in this folder. */
export async function goOn(folder: string, { input, agent: given, more = {} }: GoingOn = {}): Promise<Continued> {
  await using own = new SAgent({ sessionRootSpace: folder });
  const agent = given ?? own;
  const requests = new Map<string, SentMessage[][]>();
  const answers = teamAnswersFor(0, (messages) => {
    mustBePaired(messages);
    const who = whoIsAsked(messages);
    requests.set(who, [...(requests.get(who) ?? []), [...messages]]);
  });
  const options = fibreOptions({ root: folder, sessionId, input, model: scriptedModel(answers) });
  const { outcome } = await record(agent.runStream({ ...options, ...more }));
  return {
    outcome,
    requests,
    tree: await readTree(folder, sessionId),
    traces: readTraces(tracePathOf(folder, sessionId)),
    journal: readFileSync(join(folder, sessionId, 'journal.jsonl')),
  };
}
