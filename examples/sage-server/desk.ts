import {
  isSageError,
  SageError,
  type ChatModel,
  type ConfirmationAnswer,
  type RunOptions,
  type SAgent,
  type ToolManager,
} from 'sagents';
import { flows } from './flows.ts';
import { team, teamMembers } from './team.ts';

export interface DeskOptions {
  readonly agent: SAgent;
  /** The agent's. */
  readonly sessions: string;
  readonly workspace: string;
  readonly model: ChatModel;
  readonly modelName: string;
  readonly tools: ToolManager;
  /** Who answers what is asked on the page: the server is for one person. */
  readonly user: string;
}

export interface Started {
  readonly session_id: string;
  readonly run_id: string;
}

/** Where runs are ordered: the same model, tools and prompt for all of them. */
export class Desk {
  readonly agent: SAgent;
  readonly sessions: string;
  readonly modelName: string;
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.agent = options.agent;
    this.sessions = options.sessions;
    this.modelName = options.modelName;
  }

  /** A message in a session, or in a new one. The flow's name is kept with the message, so a crashed run can go on in it. */
  start(sessionId: string | undefined, content: string, flow: unknown = flows[0]?.name): Promise<Started> {
    const message = { role: 'user', content, metadata: { flow: flowNamed(flow).name } } as const;
    return this.#run({ inputMessages: [message], ...(sessionId === undefined ? {} : { sessionId }) }, flow);
  }

  /** Continues a crashed run where it was, or delivers guidance that came too late. */
  async goOn(sessionId: string): Promise<Started> {
    return this.#run({ inputMessages: [], sessionId }, await this.flowOf(sessionId));
  }

  /** Answers a call that waits for a person. When none of its run waits any more, the run goes on. */
  async answer(sessionId: string, confirmationId: string, answer: Omit<ConfirmationAnswer, 'by'>): Promise<void> {
    await this.agent.answerConfirmation(sessionId, confirmationId, { ...answer, by: this.#options.user });
    await this.#goOnWhenAnswered(await this.#rootOf(sessionId));
  }

  /** The name of the flow that the newest run of a session has walked. */
  async flowOf(sessionId: string): Promise<string | undefined> {
    const messages = (await this.agent.getMessages(sessionId)) ?? [];
    const asked = messages.findLast(({ metadata }) => typeof metadata?.['flow'] === 'string');
    return asked?.metadata?.['flow'] as string | undefined;
  }

  async #run(what: Pick<RunOptions, 'inputMessages' | 'sessionId'>, flow: unknown): Promise<Started> {
    const { model, modelName, tools, workspace } = this.#options;
    const customFlow = flowNamed(flow);
    const { sessionId, runId, done } = await this.agent.startRun({
      ...what,
      model,
      modelConfig: { model: modelName },
      systemPrefix: 'You are a helpful assistant. Answer in Markdown.',
      maxLoopCount: 20,
      toolManager: tools,
      sandboxType: 'passthrough',
      sandboxAgentWorkspace: workspace,
      whenApprovalNeeded: 'suspend',
      customFlow,
      ...(customFlow === team ? { customSubAgents: teamMembers } : {}),
    });
    // What was asked first may have been answered while other calls were still at work. How a run failed, it tells itself.
    void done.then(
      () => this.#goOnWhenAnswered(sessionId).catch((error) => console.error(error)),
      () => {},
    );
    return { session_id: sessionId, run_id: runId };
  }

  async #goOnWhenAnswered(rootId: string): Promise<void> {
    if ((await this.agent.getSessionStatus(rootId)) !== 'waiting') return;
    if ((await this.agent.listPendingConfirmations(rootId)).length > 0) return;
    try {
      await this.goOn(rootId);
    } catch (error) {
      // Who answered at the same time has done it.
      if (!isSageError(error, 'session-busy')) throw error;
    }
  }

  /** A child has been told by whom its task was given. */
  async #rootOf(sessionId: string): Promise<string> {
    const messages = (await this.agent.getMessages(sessionId)) ?? [];
    const given = messages.find(({ metadata }) => metadata?.['delegation'] !== undefined)?.metadata?.['delegation'];
    return given === undefined ? sessionId : this.#rootOf((given as { readonly session_id: string }).session_id);
  }
}

function flowNamed(name: unknown = flows[0]?.name) {
  const flow = flows.find((one) => one.name === name);
  if (flow !== undefined) return flow;
  const allowed = flows.map((one) => one.name).join(', ');
  throw new SageError('invalid-argument', `There is no such flow. Known flows: ${allowed}.`, {
    option: 'flow',
    allowed,
  });
}
