import type { Playbook } from './cacao/playbook.ts';
import type { Step } from './cacao/steps.ts';
import { edgesOf } from './check/edges.ts';
import { openC2Text } from './openc2-text.ts';

/** A step as it is read from top to bottom. */
export interface OutlineStep {
  readonly id: string;
  /** "1", "2.a.1": place in the reading. */
  readonly number: string;
  readonly depth: number;
  readonly type: Step['type'];
  readonly name: string;
  readonly description: string;
  /** Who does it; empty where nobody has to. */
  readonly agent: string;
  readonly targets: readonly string[];
  /** What is done, a line for each command. */
  readonly commands: readonly string[];
  /** When it is done: branch that it stands in; empty on the main way. */
  readonly branch: string;
  readonly timeoutMs: number | null;
  /** Where it goes on, for a drawing. */
  readonly next: readonly { readonly by: string; readonly to: string; readonly isBranch: boolean }[];
}

interface Place {
  readonly id: string;
  readonly prefix: string;
  readonly depth: number;
  readonly branch: string;
}

/** @returns the steps of a playbook in the order in which a person reads them, each once, branches below their step */
export function outline(playbook: Playbook): readonly OutlineStep[] {
  const workflow = new Map(Object.entries(playbook.workflow));
  const told = new Map<string, OutlineStep>();
  const chains: Place[] = [{ id: playbook.workflow_start, prefix: '', depth: 0, branch: '' }];
  if (playbook.workflow_exception !== undefined) {
    chains.push({ id: playbook.workflow_exception, prefix: 'X', depth: 0, branch: 'when a step fails' });
  }
  for (const chain of chains) tellChain(chain, playbook, workflow, told);
  return [...told.values()];
}

function tellChain(
  chain: Place,
  playbook: Playbook,
  workflow: ReadonlyMap<string, Step>,
  told: Map<string, OutlineStep>,
): void {
  let number = 0;
  // Depth first with a stack of its own: a hostile playbook may be a thousand branches deep.
  const waiting: (Place & { readonly number: string })[] = [];
  const put = (place: Place, own: number) => waiting.push({ ...place, number: `${place.prefix}${own}` });
  put(chain, 0);
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const step = workflow.get(place.id);
    if (step === undefined || told.has(place.id)) continue;
    number = Number(/\d+$/.exec(place.number)?.[0] ?? 0);
    told.set(place.id, describe(place, step, playbook));
    const edges = edgesOf(step);
    for (const { by, to, isBranch } of edges.toReversed()) {
      if (isBranch) continue;
      const branch = by === 'on_failure' ? `${place.number} failed` : place.branch;
      put({ id: to, prefix: place.prefix, depth: place.depth, branch }, number + 1);
    }
    for (const [index, { by, to }] of edges
      .filter(({ isBranch }) => isBranch)
      .toReversed()
      .entries()) {
      const letter = branchLetter(edges.filter(({ isBranch }) => isBranch).length - 1 - index);
      const prefix = `${place.number}.${letter}.`;
      put({ id: to, prefix, depth: place.depth + 1, branch: branchText(by, step) }, 1);
    }
  }
}

function branchLetter(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `z${index}`;
}

function branchText(by: string, { name, condition = '', switch: subject = '' }: Step): string {
  const question = name ?? condition;
  if (by === 'on_true') return `yes: ${question}`;
  if (by === 'on_false') return `no: ${question}`;
  if (by.startsWith('cases.')) return `${subject} is ${by.slice('cases.'.length)}`;
  return 'at the same time';
}

function describe(place: Place & { readonly number: string }, step: Step, playbook: Playbook): OutlineStep {
  const agents = playbook.agent_definitions ?? {};
  const targets = playbook.target_definitions ?? {};
  return {
    id: place.id,
    number: place.number,
    depth: place.depth,
    type: step.type,
    name: step.name ?? titleOf(step),
    description: step.description ?? '',
    agent: step.agent === undefined ? '' : (agents[step.agent]?.name ?? ''),
    targets: (step.targets ?? []).map((id) => targets[id]?.name ?? id),
    commands: (step.commands ?? []).map(commandText),
    branch: place.branch,
    timeoutMs: step.timeout ?? null,
    next: edgesOf(step),
  };
}

function titleOf({ type, condition, playbook_id }: Step): string {
  switch (type) {
    case 'start':
      return 'Begin';
    case 'end':
      return 'End';
    case 'parallel':
      return 'At the same time';
    case 'if-condition':
    case 'while-condition':
      return `${type === 'if-condition' ? 'If' : 'While'} ${condition ?? ''}`;
    case 'switch-condition':
      return 'One of several';
    case 'playbook-action':
      return `Playbook ${playbook_id ?? ''}`;
    case 'action':
      return 'Action';
  }
}

/** @returns what a command does, in words where it is known */
function commandText(command: NonNullable<Step['commands']>[number]): string {
  if (command.type === 'openc2-http') return command.description ?? openC2Text(command.content_b64 ?? '');
  const encoded =
    command.command_b64 === undefined ? undefined : Buffer.from(command.command_b64, 'base64').toString('utf8');
  const text = command.command ?? encoded ?? command.description ?? '';
  return command.type === 'manual' ? text : `${command.type}: ${text}`;
}
