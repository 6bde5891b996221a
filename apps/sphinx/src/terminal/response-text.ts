import type {
  ActionView,
  ActuatorKindView,
  ActuatorView,
  ApprovalView,
  MicroView,
  ResponsePolicy,
  ResponseState,
  RunDetail,
  RunItem,
  TaskView,
} from '@sphinx/service-response-recovery';
import { printable, renderTable } from './table.ts';

/** What is at work and what waits for people. */
export function stateText({ stop, stopFile, running, approvals, tasks, toConfirm, actuators }: ResponseState): string {
  const lines = [
    stop === null ? 'Runs may be carried out.' : `EVERYTHING IS STOPPED by ${stop.by}: ${stop.reason}`,
    `${running} at work, ${approvals} waiting for approval, ${tasks} tasks of people, ${toConfirm} actions to confirm, ${actuators} actuators.`,
    `"sphinx response stop" stops everything; so does a file ${stopFile}`,
  ];
  return lines.map(printable).join('\n');
}

export function runTable(runs: readonly RunItem[]): string {
  return renderTable(runs, [
    { title: 'Run', value: ({ name }) => name },
    { title: 'When', value: ({ plannedAt }) => timeText(plannedAt) },
    { title: 'About', value: ({ subject }) => printable(subject.name) },
    { title: 'Playbook', value: ({ playbook }) => printable(playbook.name) },
    { title: 'State', value: ({ state, isDryRun }) => (isDryRun ? 'dry run' : state.replace('-', ' ')) },
    { title: 'Asked by', value: ({ askedBy }) => printable(askedBy.name) },
    { title: 'Why', value: ({ reason }) => printable(reason) },
  ]);
}

/** A run as a person at a terminal needs it to judge: plan, then what was done. */
export function runText(run: RunDetail): string {
  const { name, playbook, subject, state, reason, isDryRun, plan, missing, refused, history, tasks, approvals } = run;
  const lines = [
    `${name}: ${playbook.name} for ${subject.name}`,
    `State: ${isDryRun ? 'dry run, nothing is carried out' : state.replace('-', ' ')}${reason === '' ? '' : `: ${reason}`}`,
    ...(missing.length === 0
      ? []
      : [`Nobody said what these are, their steps are tasks of people: ${missing.join(', ')}`]),
    ...refused.map((why) => `The guard refuses it: ${why}`),
    '',
    'Plan',
    ...plan.flatMap(plannedLines),
    ...(history.length === 0 ? [] : ['', 'Done by actuators']),
    ...history.flatMap(actionLines),
    ...(tasks.length === 0 ? [] : ['', 'Done by people']),
    ...tasks.map(
      ({ title, state: how, by, note }) =>
        `  ${how}: ${title}${by === null ? '' : `, ${by}`}${note === '' ? '' : ` (${note})`}`,
    ),
    ...approvals.flatMap((approval) => ['', ...approvalLines(approval)]),
  ];
  return lines.map(printable).join('\n');
}

function plannedLines({
  number,
  title,
  branch,
  text,
  actuator,
  because,
  verdict,
  effects,
  keptFlows,
  leftOut,
  isReversible,
}: RunDetail['plan'][number]): readonly string[] {
  const when = branch === '' ? '' : ` [${branch}]`;
  if (actuator === null) {
    return [
      `  ${number} by hand${when}: ${title}${text === title ? '' : `: ${text}`}`,
      ...(because === '' ? [] : [`      why by hand: ${because}`]),
    ];
  }
  const judged =
    verdict === null
      ? ''
      : { run: 'may run at once', ask: `asks ${verdict.approvers.join(' and ')}`, refuse: 'REFUSED' }[verdict.decision];
  return [
    `  ${number} ${actuator}${when}: ${text}; ${judged}${isReversible ? '' : '; cannot be taken back by SPHINX'}`,
    ...effects.map((effect) => `      ${effect}`),
    ...(verdict?.reasons ?? []).map((reason) => `      because: ${reason}`),
    ...(verdict?.careLoss ?? []).map((loss) => `      care loses: ${loss}`),
    ...keptFlows.map(({ reason }) => `      stays: ${reason}`),
    ...leftOut.map(({ reason }) => `      is cut: ${reason}`),
    ...(verdict?.milder === 'micro-quarantine' ? ['      milder: --micro-quarantine leaves the clinical flows'] : []),
  ];
}

function actionLines({ id, text, actuator, state, message, undoAt }: ActionView): readonly string[] {
  const until = undoAt === null ? '' : `; taken back at ${timeText(undoAt)} UTC unless confirmed`;
  return [`  ${id} ${actuator}: ${text}: ${state}${message === '' ? '' : `: ${message}`}${until}`];
}

/** What waits for somebody, with the same reasons that the console shows. */
export function approvalText(approvals: readonly ApprovalView[]): string {
  return approvals.map((approval) => approvalLines(approval).map(printable).join('\n')).join('\n\n');
}

function approvalLines({
  id,
  run,
  title,
  state,
  reasons,
  effects,
  careLoss,
  milder,
  parts,
  askedBy,
  problem,
  mayApprove,
  note,
}: ApprovalView): readonly string[] {
  return [
    `${id} (${run}): ${title}: ${state}${note === '' ? '' : `: ${note}`}`,
    `  Asked by ${askedBy.name}`,
    ...parts.map(({ title: group, roles, agreedBy, dueAt }) =>
      agreedBy === null
        ? `  ${group}: waits for ${roles.join(' or ')} until ${timeText(dueAt)} UTC`
        : `  ${group}: ${agreedBy} agreed`,
    ),
    ...reasons.map((reason) => `  because: ${reason}`),
    ...careLoss.map((loss) => `  care loses: ${loss}`),
    ...effects.map((effect) => `  effect: ${effect}`),
    ...(milder === null
      ? []
      : [
          '  With a micro-quarantine instead (--micro-quarantine):',
          ...milder.effects.map((effect) => `    ${effect}`),
        ]),
    ...(state !== 'open'
      ? []
      : [mayApprove ? `  sphinx response approve ${id}` : `  You may not agree: ${problem ?? ''}`]),
  ];
}

export function taskText(tasks: readonly TaskView[]): string {
  return tasks
    .map(({ id, run, subject, title, text, agent, because, dueAt, asks }) =>
      [
        `${id} (${run}, ${subject}): ${title}`,
        ...(text === title ? [] : [`  ${text}`]),
        ...(agent === '' ? [] : [`  Who: ${agent}`]),
        ...(because === '' ? [] : [`  Why by hand: ${because}`]),
        ...(dueAt === null ? [] : [`  Until ${timeText(dueAt)} UTC`]),
        ...asks.map(({ name, text: question, type }) => `  Answer: --answer ${name}=… (${question}; ${type})`),
      ]
        .map(printable)
        .join('\n'),
    )
    .join('\n\n');
}

export function actuatorTable(actuators: readonly ActuatorView[]): string {
  return renderTable(actuators, [
    { title: 'Actuator', value: ({ id }) => id },
    { title: 'Kind', value: ({ title }) => printable(title) },
    { title: 'On', value: ({ isEnabled }) => (isEnabled ? 'yes' : 'no') },
    { title: 'Serves', value: ({ scope }) => [...scope.networks, ...scope.devices].join(', ') || 'everything' },
    { title: 'Checked', value: ({ check, problem }) => checkText(check, problem) },
  ]);
}

function checkText(check: ActuatorView['check'], problem: string | null): string {
  if (problem !== null) return printable(`cannot be used: ${problem}`);
  if (check === null) return 'not yet';
  return printable(`${check.isReady ? 'ready' : 'NOT READY'}: ${check.message}`);
}

export function kindText(kinds: readonly ActuatorKindView[]): string {
  return kinds
    .map(({ type, title, description, proof, triedWith, capabilities, settings }) =>
      [
        `${type}: ${title}`,
        `  ${description}`,
        `  ${proof === 'real' ? 'Tried with' : 'Tried only against recorded answers:'} ${triedWith}`,
        `  Can: ${capabilities.map(({ action, target }) => `${action} ${target}`).join(', ')}`,
        ...settingLines(settings),
      ]
        .map(printable)
        .join('\n'),
    )
    .join('\n\n');
}

function settingLines(schema: unknown): readonly string[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, { type?: string; description?: string; default?: unknown }>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { type = '', description = '', default: value }]) => {
    const given = value === undefined ? '' : `, ${JSON.stringify(value)} unless set`;
    return `  --set ${name}=… (${type}${required.includes(name) && value === undefined ? ', needed' : ''}${given})${description === '' ? '' : `: ${description}`}`;
  });
}

export function policyText({ rules, elsewhere, approvers, ward, rates, undoAfterMinutes }: ResponsePolicy): string {
  const decided = (decision: string, asked: readonly string[]) =>
    decision === 'ask' ? `asks ${asked.join(' and ')}` : decision === 'run' ? 'runs at once' : 'is refused';
  const lines = [
    'On devices',
    ...rules.map(
      ({ does, classes, decision, approvers: asked, because }) =>
        `  ${does.join(', ')} on ${classes.join(', ')}: ${decided(decision, asked)}; ${because}`,
    ),
    'On anything else',
    ...elsewhere.map(
      ({ does, decision, approvers: asked, because, isNeeded }) =>
        `  ${does.join(', ')}${isNeeded ? ' where devices work with it' : ''}: ${decided(decision, asked)}; ${because}`,
    ),
    `A ward: at most ${Math.round(ward.share * 100)} % of its devices (or ${ward.devices}) cut off at the same time without ${ward.approvers.join(' and ')}`,
    'Who agrees',
    ...Object.entries(approvers).map(
      ([id, { title, levels, mayApproveOwn }]) =>
        `  ${id} (${title}): ${levels.map(({ roles, minutes }) => `${roles.join(' or ')} for ${minutes} minutes`).join(', then ')}${mayApproveOwn ? '' : '; never what they asked for themselves'}`,
    ),
    `At most ${rates.actionsPerHour} actions an hour, ${rates.actionsPerHourOfOneActuator} of one actuator`,
    `Taken back unless confirmed: ${Object.entries(undoAfterMinutes)
      .map(([does, minutes]) => `${does} after ${minutes} minutes`)
      .join(', ')}`,
  ];
  return lines.map(printable).join('\n');
}

export function microText({ name, clinicalClass, kept, leftOut }: MicroView): string {
  const lines = [
    `${name} (${clinicalClass}) in a micro-quarantine`,
    ...(kept.length === 0
      ? ['NOTHING STAYS: no clinical flow is known.']
      : kept.map(({ reason, port, protocol }) => `  stays   ${protocol}/${port}  ${reason}`)),
    ...leftOut.map(({ reason, port, protocol }) => `  is cut  ${protocol}/${port}  ${reason}`),
  ];
  return lines.map(printable).join('\n');
}

function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
