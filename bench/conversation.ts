/**
 * The work every contender does: send the history, take each piece as it comes, put text and tool arguments together, run
 * the tool, send the whole history again, until a reply has no tool call.
 */
export interface Contender {
  /** Holds one conversation to its end. The same `id` again goes on with its history. */
  converse(conversation: Conversation): Promise<void>;
  close(): Promise<void>;
}

export interface Conversation {
  readonly id: string;
  /** What was said before; only where `id` is new. */
  readonly prior?: readonly PriorMessage[];
  readonly input: string;
  /** Told each text piece and each fragment of arguments as it arrives. */
  readonly onPiece: (text: string) => void;
  /** The one tool. */
  readonly runTool: (args: ToolArguments) => string;
}

export interface PriorMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface ToolArguments {
  readonly n?: number | undefined;
  readonly text?: string | undefined;
}

export interface ContenderOptions {
  readonly baseURL: string;
  /** An empty folder, for those who store. */
  readonly folder: string;
}

export type ContenderName = 'fetch' | 'openai' | 'sagents';

export const contenderNames: readonly ContenderName[] = ['fetch', 'openai', 'sagents'];

export const tool = { name: 'note', description: 'Takes a note and tells its number.' };
