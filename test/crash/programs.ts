import { SAgent, type RunOptions } from 'sagents';
import type { ScriptedAnswer } from 'sagents/testing';
import { answersFor, type SentMessage } from './answers.ts';
import { askingProgram } from './asking-program.ts';
import { fibreOptions } from './fibre/fibre-program.ts';
import { teamAnswersFor } from './fibre/team.ts';
import { flowAnswersFor } from './flow/flow-answers.ts';
import { createFlowAgent, flowOptions } from './flow/flow-program.ts';
import { runOptions, type TurnOptions } from './run-options.ts';

/** What a process of these tests runs: an agent, its options, and the model that goes with them. */
export interface Program {
  readonly createAgent: (root: string) => SAgent;
  readonly optionsFor: (turn: TurnOptions) => RunOptions;
  readonly answersFor: (
    paceMs: number,
    onRequest: (messages: readonly SentMessage[]) => void,
  ) => readonly ScriptedAnswer[];
}

export type ProgramName = 'simple' | 'flow' | 'fibre' | 'asking';

const plainAgent = (root: string): SAgent => new SAgent({ sessionRootSpace: root });

export const programs: Readonly<Record<ProgramName, Program>> = {
  simple: { createAgent: plainAgent, optionsFor: runOptions, answersFor },
  flow: { createAgent: createFlowAgent, optionsFor: flowOptions, answersFor: flowAnswersFor },
  fibre: { createAgent: plainAgent, optionsFor: fibreOptions, answersFor: teamAnswersFor },
  asking: askingProgram,
};
