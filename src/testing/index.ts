// The model
export {
  httpError,
  scriptedModel,
  stall,
  type AnswerParts,
  type ScriptedAnswer,
  type ScriptedCall,
  type ScriptedModel,
} from './scripted-model.ts';

// Time, ids, transcripts
export { countingIds, fixedClock } from './fixed.ts';
export { record, type Transcript } from './record.ts';

// Contract suites
export { sandboxContract } from './sandbox-contract/sandbox-contract.ts';
export { storeContract, type StorePlace } from './store-contract/store-contract.ts';
export { scriptedTeam, type ScriptedTeam } from './scripted-team.ts';
