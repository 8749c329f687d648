import { checkOptions, type CheckedOptions } from '../../../src/runtime/options/check-options.ts';
import type { RunOptions } from '../../../src/runtime/options/run-options.ts';
import { scriptedModel } from '../../../src/testing/scripted-model.ts';

/** Options of a run that asks for nothing special. */
export function runOptions(more: Partial<RunOptions> = {}): RunOptions {
  return {
    inputMessages: [{ role: 'user', content: 'Hi' }],
    model: scriptedModel([]),
    modelConfig: { model: 'm' },
    systemPrefix: 'Be brief.',
    maxLoopCount: 3,
    sandboxAgentWorkspace: '/work-place',
    ...more,
  };
}

export function checked(more: Partial<RunOptions> = {}): CheckedOptions {
  return checkOptions(runOptions(more), {});
}
