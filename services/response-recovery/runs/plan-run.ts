import { outline, type Playbook, responseOf, type Step } from '@sphinx/playbooks';
import type { OpenC2Command, Preparation } from '@sphinx/response';
import type { ActuatorDesk } from '../actuators/actuator-desk.ts';
import type { Values } from '../commands/condition.ts';
import { commandText } from '../commands/interference.ts';
import { readCommands, valuesOf } from '../commands/read-command.ts';
import type { Guardian } from '../guard/guardian.ts';
import type { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { PlannedAction, Run } from './run.ts';

const PREPARE_MS = 10_000;
/** Playbooks call each other at most so deep. */
export const MOST_DEPTH = 5;

export interface Plan {
  readonly actions: readonly PlannedAction[];
  /** Ids of devices that it is about. */
  readonly devices: readonly string[];
}

/** What is planned of a run besides the run itself. */
export type PlanSubject = Pick<Run, 'id' | 'playbook' | 'others' | 'values' | 'attackFrom' | 'isolation'>;

/**
 * Goes through every step of a playbook, whichever branch it stands in, and tells what would be done: by which actuator, with what
 * effect, and what the guard says. Changes nothing.
 */
export async function planRun(
  run: PlanSubject,
  { guardian, desk }: { readonly guardian: Guardian; readonly desk: ActuatorDesk },
): Promise<Plan> {
  const actions: PlannedAction[] = [];
  const devices = new Set<string>();
  const cut = new Set<string>();
  for (const { step, number, branch, title, values } of stepsOf(run.playbook, run.values[''] ?? {}, run.others)) {
    for (const read of readCommands(step, values)) {
      const base = {
        step: title,
        number,
        branch,
        title: read.title,
        keptFlows: [],
        leftOut: [],
        effects: [],
        verdict: null,
      };
      const nobody = { command: null, actuator: null, isReversible: false };
      if (read.kind === 'person') {
        actions.push({ ...base, ...nobody, text: read.text, because: read.because });
        continue;
      }
      const command = isolated(read.command, run.isolation);
      const look = await guardian.look(command, run.attackFrom, { cut });
      for (const id of look.deviceIds) devices.add(id);
      const chosen = desk.choose(command, look);
      const { verdict, keptFlows, leftOut } = look;
      const told = { ...base, command, text: commandText(command), verdict, keptFlows, leftOut };
      if ('problem' in chosen) {
        actions.push({ ...told, actuator: null, because: chosen.problem, isReversible: false });
        continue;
      }
      if (['cut-off', 'restarted', 'replaced'].includes(verdict.interference)) {
        for (const id of look.deviceIds) cut.add(id);
      }
      const { addresses, macAddresses } = look;
      const prepared = await prepare(
        () =>
          chosen.actuator.prepare(
            { id: `plan-${run.id}`, command, addresses, macAddresses, keptFlows },
            AbortSignal.timeout(PREPARE_MS),
          ),
        verdict.decision === 'refuse',
      );
      actions.push({ ...told, actuator: chosen.actuator.id, because: '', ...prepared });
    }
  }
  return { actions, devices: [...devices] };
}

async function prepare(
  ask: () => Promise<Preparation>,
  isRefused: boolean,
): Promise<Pick<PlannedAction, 'effects' | 'isReversible'>> {
  if (isRefused) return { effects: [], isReversible: false };
  try {
    const { effects, isReversible } = await ask();
    return { effects, isReversible };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { effects: [`What it would do could not be asked: ${message}`], isReversible: false };
  }
}

/** A command as it is carried out where devices are to be restricted rather than cut off. */
export function isolated(command: OpenC2Command, isolation: Run['isolation']): OpenC2Command {
  if (isolation === 'as-written' || command.action !== 'contain' || command.target.device === undefined) return command;
  return {
    ...command,
    args: { ...command.args, 'x-sphinx': { ...command.args?.['x-sphinx'], keep: 'clinical-flows' } },
  };
}

interface PlannedStep {
  readonly step: Step;
  readonly number: string;
  readonly branch: string;
  readonly title: string;
  readonly values: Values;
}

/** Steps with commands, those of called playbooks in their place. */
function stepsOf(
  playbook: Playbook,
  values: Values,
  others: Run['others'],
  prefix = '',
  depth = 0,
): readonly PlannedStep[] {
  const certain = certainSteps(playbook);
  return outline(playbook).flatMap((each): readonly PlannedStep[] => {
    const step = playbook.workflow[each.id];
    if (step === undefined) return [];
    const called = step.playbook_id === undefined ? undefined : others[step.playbook_id];
    const number = prefix + each.number;
    if (called !== undefined && depth < MOST_DEPTH) {
      return stepsOf(called, valuesOf(called, values), others, `${number}/`, depth + 1);
    }
    if (step.type !== 'action') return [];
    const branch = certain.has(each.id) && prefix === '' ? '' : each.branch || 'only in a branch';
    return [{ step, number, branch, title: each.name, values }];
  });
}

/** Steps that every run comes to that does not fail. */
function certainSteps({ workflow, workflow_start }: Playbook): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting: string[] = [workflow_start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const step = workflow[id];
    if (step === undefined || reached.has(id)) continue;
    reached.add(id);
    waiting.push(...[step.on_completion, step.on_success].filter((next) => next !== undefined));
    waiting.push(...(step.next_steps ?? []));
  }
  return reached;
}

/** @returns groups that have to agree before the run begins: those that the guard names, and those that the playbook names */
export function approversOf(
  playbook: Playbook,
  plan: readonly PlannedAction[],
  policy: ResponsePolicy,
): readonly string[] {
  const named = (responseOf(playbook)?.approvers ?? []).map((title) => policy.titles[title] ?? 'security');
  const asked = plan.flatMap(({ verdict, actuator }) =>
    verdict?.decision === 'ask' && actuator !== null ? verdict.approvers : [],
  );
  return [...new Set([...asked, ...named])];
}

/** @returns why a run would be refused at once: what the guard refuses on the way that every run takes */
export function refusals(plan: readonly PlannedAction[]): readonly string[] {
  return plan
    .filter(({ verdict, branch, actuator }) => verdict?.decision === 'refuse' && branch === '' && actuator !== null)
    .flatMap(({ verdict }) => verdict?.reasons ?? []);
}
