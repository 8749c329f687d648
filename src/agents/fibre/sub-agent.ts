/** `simple`: works by itself. `fibre`: may delegate parts of its tasks in turn. */
export type SubAgentMode = 'simple' | 'fibre';

/** An agent that tasks can be delegated to: what a child works as. */
export interface SubAgent {
  readonly agent_id: string;
  /** What its chunks carry as `agent_name`. */
  readonly name: string;
  /** What it is good for: whoever delegates chooses by it. */
  readonly description: string;
  /** Default: the run's `systemPrefix`. */
  readonly system_prompt?: string;
  /** Names of tools. Default: all that whoever delegates has. It never gets others than these. */
  readonly available_tools?: readonly string[];
  /** Names of skills. Default: all that whoever delegates has. It never gets others than these. */
  readonly available_skills?: readonly string[];
  readonly agent_mode: SubAgentMode;
}
