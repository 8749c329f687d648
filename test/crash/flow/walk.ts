import assert from 'node:assert/strict';
import { agentNodesOf, withoutTurns } from '../../../src/flow/agent-nodes.ts';
import { spanOf, type CallKey, type Entry, type NodeEntered, type StoredMessage } from '../../../src/session/entry.ts';
import { wholeFlow } from './flow-program.ts';

const agents = agentNodesOf(wholeFlow.root);

/** The name that the node of a path goes by; a node that is entered again for guidance has no place in the flow. */
const nameOf = (path: string): unknown => agents.get(withoutTurns(path))?.agent_config?.['name'];

/** `root/steps/2/branches/0` is inside `root/steps/2`; the root, and what answers guidance, is inside nothing. */
function parentOf(path: string): string | undefined {
  return /^(.*)\/(?:(?:steps|branches|cases|body)\/[^/]+|true_body|false_body|default)$/.exec(path)?.[1];
}

/** What must have been left before: the step, or the turn, that comes first has nothing. */
function previousOf(path: string): string | undefined {
  const [, before, kind, place] = /^(.*\/(steps|body)\/)(\d+)$/.exec(path) ?? [];
  const first = kind === 'body' ? 1 : 0;
  return place === undefined || Number(place) === first ? undefined : `${before}${Number(place) - 1}`;
}

/**
 * How far the newest run of a journal has come, read entry by entry. Throws where it does not go forward: what was left is not
 * entered again, what was decided stays, steps come in order, and only the node that made a call begins and answers it, once.
 */
export class Walk {
  runId = '';
  attempt = 0;
  isOver = true;
  readonly entered = new Set<string>();
  readonly left = new Set<string>();
  /** By the path of the `if` or `switch`. */
  readonly decisions = new Map<string, string>();
  /** The nodes that called the model, by the ids of the replies. */
  readonly callers = new Map<string, string>();
  /** Of these, the ids of those that came to their ends. */
  readonly whole = new Set<string>();
  readonly intended = new Set<string>();
  /** The status of every call that has a result, shown or not. */
  readonly results = new Map<string, unknown>();
  readonly #atWork = new Set<string>();
  readonly #stuck = new Set<string>();
  readonly #shown = new Set<string>();
  readonly #streams = new Map<number, string>();

  constructor(entries: readonly Entry[]) {
    let seq = 1;
    for (const entry of entries) {
      this.#read(entry, seq);
      seq += spanOf(entry);
    }
  }

  /** Agents between their entry and their end, as the newest attempt has it. */
  get agentsAtWork(): string[] {
    return [...this.#atWork].filter((path) => agents.has(withoutTurns(path)) || path.startsWith('guidance/'));
  }

  /** The nodes that have calls without a result, which may have been started. */
  get nodesInTools(): Set<string> {
    const open = [...this.intended].filter((key) => !this.results.has(key));
    return new Set(open.map((key) => this.#callerOf(key)));
  }

  #read(entry: Entry, seq: number): void {
    switch (entry.type) {
      case 'run_started':
        return this.#start(entry.run_id, entry.attempt);
      case 'run_ended':
        assert.equal(entry.run_id, this.runId);
        this.isOver = true;
        return;
      case 'node_entered':
        return this.#enter(entry);
      case 'node_left':
        assert.ok(this.#atWork.delete(entry.path), `${entry.path} is left, and was not entered`);
        this.left.add(entry.path);
        // What it leaves open, the end of the run answers.
        if (entry.outcome !== 'done') this.#stuck.add(entry.path);
        return;
      case 'model_called':
        this.#mustBeAtWork(entry.node, 'calls the model');
        this.callers.set(entry.message_id, entry.node);
        return;
      case 'pieces':
        if ('header' in entry) this.#streams.set(seq, entry.header.message_id);
        return;
      case 'closed':
        return this.#close(this.#streams.get(entry.of) ?? '', entry.metadata);
      case 'intents':
        for (const index of entry.calls) this.#intend(keyOf([entry.message_id, index]));
        return;
      case 'settled':
        return this.#answer(keyOf(entry.call), entry.message);
      case 'shown':
        return this.#show(keyOf(entry.call));
      case 'message':
        if (entry.call === undefined) return;
        this.#answer(keyOf(entry.call), entry.message);
        this.#show(keyOf(entry.call));
        return;
      default:
    }
  }

  #start(runId: string, attempt: number): void {
    if (this.isOver) {
      assert.equal(attempt, 1);
      for (const known of [this.entered, this.left, this.decisions]) known.clear();
    } else {
      assert.deepEqual([runId, attempt], [this.runId, this.attempt + 1], 'a crashed run goes on under its id');
    }
    this.runId = runId;
    this.attempt = attempt;
    this.isOver = false;
    this.#atWork.clear();
  }

  #enter({ path, decision }: NodeEntered): void {
    assert.ok(!this.left.has(path), `${path} was left, and is entered again`);
    assert.ok(!this.#atWork.has(path), `${path} is entered twice in one attempt`);
    const parent = parentOf(path);
    if (parent !== undefined) this.#mustBeAtWork(parent, `has its child ${path} entered`);
    const previous = previousOf(path);
    if (previous !== undefined) assert.ok(this.left.has(previous), `${path} is entered before its turn`);
    if (decision !== undefined) assert.equal(this.decisions.get(path) ?? decision, decision, `${path} decides anew`);
    if (decision !== undefined) this.decisions.set(path, decision);
    this.entered.add(path);
    this.#atWork.add(path);
  }

  #close(messageId: string, metadata: unknown): void {
    if (metadata === undefined && this.callers.has(messageId)) this.whole.add(messageId);
  }

  #intend(key: string): void {
    this.#mustBeAtWork(this.#callerOf(key), `begins ${key}`);
    assert.ok(!this.results.has(key), `${key} is begun after its result`);
    this.intended.add(key);
  }

  #answer(key: string, { agent_name, metadata }: StoredMessage): void {
    const caller = this.#callerOf(key);
    if (!this.#stuck.has(caller)) this.#mustBeAtWork(caller, `answers ${key}`);
    assert.ok(!this.results.has(key), `${key} has two results`);
    if (!caller.startsWith('guidance/')) assert.equal(agent_name, nameOf(caller), `${key} is answered by another node`);
    this.results.set(key, metadata?.['tool_execution_status']);
  }

  #show(key: string): void {
    assert.ok(this.results.has(key) && !this.#shown.has(key), `${key} is shown without a result, or twice`);
    this.#shown.add(key);
  }

  #callerOf(key: string): string {
    const caller = this.callers.get(key.slice(0, key.lastIndexOf('-')));
    assert.ok(caller !== undefined, `${key} belongs to no node`);
    return caller;
  }

  #mustBeAtWork(path: string, does: string): void {
    assert.ok(this.#atWork.has(path), `${path} ${does}, and is not at work`);
  }
}

const keyOf = ([messageId, index]: CallKey): string => `${messageId}-${index}`;
