import type { Principal } from '@sphinx/platform';
import type { ActuatorDesk } from '../actuators/actuator-desk.ts';
import type { Approval } from '../approvals/approval.ts';
import { refusals } from '../runs/plan-run.ts';
import type { Action, Person, Run, Task, Visit } from '../runs/run.ts';
import type { ActionView, ActuatorView, ApprovalView, RunDetail, RunItem, TaskView } from './response-shapes.ts';

/** @returns who asks, as one person however they signed in */
export function personOf({ name, kind, role }: Principal): Person {
  return { name: kind === 'token' ? (name.split('/')[0] ?? name) : name, role: role ?? null };
}

export function runItem(run: Run): RunItem {
  const { id, number, playbook, subject, state, reason, isDryRun, isSample, isolation, askedBy } = run;
  const { plannedAt, startedAt, endedAt, plan } = run;
  return {
    id,
    number,
    name: `RUN-${number}`,
    playbook: { id: playbook.id, name: playbook.name, modified: playbook.modified },
    subject,
    state,
    reason,
    isDryRun,
    isSample,
    isolation,
    askedBy,
    plannedAt,
    startedAt,
    endedAt,
    actions: plan.filter(({ actuator }) => actuator !== null).length,
    manual: plan.filter(({ actuator }) => actuator === null).length,
  };
}

export function runDetail(
  run: Run,
  parts: {
    readonly missing: readonly string[];
    readonly visits: readonly Visit[];
    readonly actions: readonly Action[];
    readonly tasks: readonly Task[];
    readonly approvals: readonly ApprovalView[];
  },
): RunDetail {
  const { missing, visits, actions, tasks, approvals } = parts;
  return {
    ...runItem(run),
    variables: { ...run.values[''] },
    missing: [...missing],
    refused: [...refusals(run.plan)],
    plan: run.plan.map((each) => structuredClone(each)) as RunDetail['plan'],
    visits: visits.map(({ runId: _runId, rounds: _rounds, commands: _commands, ...visit }) => visit),
    history: actions.map(actionView),
    tasks: tasks.map((task) => taskView(task, run)),
    approvals: [...approvals],
  };
}

export function actionView(action: Action): ActionView {
  const { runId: _runId, addresses: _addresses, macAddresses: _macs, preparation, ...view } = action;
  return {
    ...(structuredClone(view) as unknown as Omit<ActionView, 'effects' | 'isReversible'>),
    effects: [...(preparation?.effects ?? [])],
    isReversible: preparation?.isReversible ?? false,
  };
}

export function taskView(task: Task, run: Run): TaskView {
  const { frame: _frame, ...view } = task;
  return {
    ...view,
    asks: [...view.asks],
    answers: { ...view.answers },
    run: `RUN-${run.number}`,
    playbook: run.playbook.name,
    subject: run.subject.name,
  };
}

/** @param problem why whoever asks may not agree; null where they may */
export function approvalView(approval: Approval, run: Run, problem: string | null): ApprovalView {
  const { keys: _keys, parts, milder, ...view } = approval;
  return {
    ...(structuredClone(view) as unknown as Omit<ApprovalView, 'parts' | 'milder' | 'run' | 'mayApprove' | 'problem'>),
    run: `RUN-${run.number}`,
    milder: milder === null ? null : { effects: [...milder.effects] },
    parts: parts.map(({ level: _level, ...part }) => ({ ...part, roles: [...part.roles] })),
    mayApprove: approval.state === 'open' && problem === null,
    problem: approval.state === 'open' ? problem : null,
  };
}

export function actuatorView(
  desk: ActuatorDesk,
  { configured, problem, check }: ReturnType<ActuatorDesk['list']>[number],
): ActuatorView {
  const kind = desk.kinds.find(({ type }) => type === configured.type);
  return {
    ...configured,
    settings: { ...configured.settings },
    scope: { networks: [...configured.scope.networks], devices: [...configured.scope.devices] },
    title: kind?.title ?? configured.type,
    problem,
    check,
    capabilities: (kind?.capabilities ?? []).map((each) => ({ ...each })),
  };
}
