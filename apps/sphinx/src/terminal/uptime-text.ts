import type {
  CheckDefinition,
  DrillView,
  Maintenance,
  ProposalView,
  ServiceView,
  StateSpan,
} from '@sphinx/service-dependability-monitoring';
import { printable, renderTable } from './table.ts';

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;
const CAUSES = { failure: 'failure', 'possible-attack': 'may be an attack', planned: 'planned' } as const;

const timeText = (time: number | null) =>
  time === null ? '' : new Date(time).toISOString().slice(0, 16).replace('T', ' ');

/** Services that are watched as a table. */
export function uptimeTable(services: readonly ServiceView[]): string {
  return renderTable(
    services,
    [
      { title: 'Service', value: ({ name }) => name },
      { title: 'State', value: stateText },
      { title: 'Since', value: ({ since }) => timeText(since) },
      {
        title: 'Answers in',
        value: ({ latencyMs }) => (latencyMs === null ? '' : `${Math.round(latencyMs)} ms`),
        align: 'right',
      },
      { title: 'Available', value: availableText, align: 'right' },
      {
        title: 'Budget left',
        value: ({ budget }) => (budget === null ? '' : `${budget.leftPercent} %`),
        align: 'right',
      },
      { title: 'Why', value: whyText },
    ],
    90,
  );
}

function stateText({ state, cause, isPaused, isInMaintenance }: ServiceView): string {
  if (isPaused) return 'paused';
  const notes = [...(cause === null ? [] : [CAUSES[cause]]), ...(isInMaintenance ? ['maintenance'] : [])];
  return notes.length === 0 ? state : `${state} (${[...new Set(notes)].join(', ')})`;
}

function availableText({ budget }: ServiceView): string {
  const percent = budget?.availability.percent ?? null;
  return percent === null ? '' : `${percent.toFixed(3)} %`;
}

function whyText({ reason, checks }: ServiceView): string {
  if (reason !== '') return reason;
  return checks.find(({ notSent }) => notSent !== '')?.notSent ?? '';
}

/** One service with its checks, objectives and history. */
export function serviceText(service: ServiceView, history: readonly StateSpan[]): string {
  const { name, care, host, agreement, causeReasons, recoveryMinutes, dataLossMinutes } = service;
  return [
    printable(`${name}${host === null ? '' : ` (${host})`}: ${stateText(service)}`),
    ...(care === '' ? [] : [printable(`For: ${care}`)]),
    ...causeReasons.map(printable),
    ...budgetLines(service),
    ...(recoveryMinutes === null ? [] : [`Back within (RTO): ${minutesText(recoveryMinutes)}`]),
    ...(dataLossMinutes === null ? [] : [`Data lost at most (RPO): ${minutesText(dataLossMinutes)}`]),
    ...(agreement === null ? [] : [printable(`Agreed by ${agreement.by}: ${agreement.note}`)]),
    '',
    renderTable(
      service.checks,
      [
        { title: 'Check', value: ({ kind }) => kind },
        {
          title: 'At',
          value: (check) => (check.host === '' ? '' : `${check.host}${check.port === 0 ? '' : `:${check.port}`}`),
        },
        { title: 'Every', value: ({ intervalSeconds }) => `${intervalSeconds} s`, align: 'right' },
        { title: 'State', value: ({ state, isFlapping }) => (isFlapping ? `${state} (comes and goes)` : state) },
        { title: 'Says', value: ({ notSent, message }) => (notSent === '' ? message : `not sent: ${notSent}`) },
      ],
      90,
    ),
    ...(history.length === 0 ? [] : ['', historyTable(history)]),
  ].join('\n');
}

function budgetLines({ budget, objective }: ServiceView): string[] {
  if (budget === null || objective === null) return [];
  const { availability, allowedMs, leftMs, burning } = budget;
  const percent = availability.percent === null ? 'not measured yet' : `${availability.percent.toFixed(3)} %`;
  const fast = burning.find(({ isFast }) => isFast);
  return [
    `Available in ${objective.days} days: ${percent}, ${objective.availabilityPercent} % are asked for`,
    `Error budget: ${minutesText(leftMs / MS_PER_MINUTE)} of ${minutesText(allowedMs / MS_PER_MINUTE)} left`,
    ...(fast === undefined ? [] : [`It goes ${fast.rate} times faster than allowed within ${fast.hours} h.`]),
    ...(budget.fastPercent === null
      ? []
      : [`Fast answers: ${budget.fastPercent} %, ${objective.fastPercent} % are asked for`]),
  ];
}

function minutesText(minutes: number): string {
  const whole = Math.round(Math.abs(minutes));
  const text = whole < 2 * MINUTES_PER_HOUR ? `${whole} min` : `${(whole / MINUTES_PER_HOUR).toFixed(1)} h`;
  return minutes < 0 ? `-${text}` : text;
}

function historyTable(history: readonly StateSpan[]): string {
  return renderTable(
    history,
    [
      { title: 'From', value: ({ from }) => timeText(from) },
      { title: 'Until', value: ({ until }) => timeText(until) },
      { title: 'State', value: ({ state }) => state },
      { title: 'Cause', value: ({ cause }) => (cause === null ? '' : CAUSES[cause]) },
      { title: 'Why', value: ({ reason }) => reason },
    ],
    90,
  );
}

/** Kinds of checks, what each sends and its parameters. */
export function checkTable(checks: readonly CheckDefinition[]): string {
  return renderTable(
    checks,
    [
      { title: 'Check', value: ({ id }) => id },
      { title: 'Port', value: ({ port }) => (port === 0 ? '' : String(port)), align: 'right' },
      { title: 'Question', value: ({ question }) => question },
      {
        title: 'Parameters',
        value: ({ parameters, secret }) =>
          [...parameters.map(({ name }) => name), ...(secret === undefined ? [] : ['secret'])].join(', '),
      },
    ],
    70,
  );
}

/** Services in use that nobody watches. */
export function proposalTable(proposals: readonly ProposalView[]): string {
  return renderTable(
    proposals,
    [
      { title: 'Service', value: ({ name }) => name },
      { title: 'Host', value: ({ host }) => host },
      { title: 'Used by', value: ({ clients }) => String(clients), align: 'right' },
      { title: 'Checks', value: ({ checks }) => checks.map(({ kind, port }) => `${kind}:${port}`).join(', ') },
      {
        title: 'Allowed',
        value: ({ refusal, needsAgreement }) =>
          refusal !== '' ? refusal : needsAgreement ? 'with an agreement' : 'yes',
      },
    ],
    80,
  );
}

/** Maintenance windows, latest first. */
export function maintenanceTable(windows: readonly Maintenance[], nameOf: (id: string) => string): string {
  return renderTable(windows, [
    { title: 'From', value: ({ from }) => timeText(from) },
    { title: 'Until', value: ({ until }) => timeText(until) },
    { title: 'Service', value: ({ serviceId }) => (serviceId === null ? 'every service' : nameOf(serviceId)) },
    { title: 'State', value: ({ cancelledAt }) => (cancelledAt === null ? '' : 'cancelled') },
    { title: 'Note', value: ({ note }) => note },
    { title: 'Id', value: ({ id }) => id },
  ]);
}

/** Recoveries, latest first, held against the objectives of their service. */
export function drillTable(drills: readonly DrillView[]): string {
  const met = (isMet: boolean | null) => (isMet === null ? '' : isMet ? ' (within objective)' : ' (missed)');
  return renderTable(
    drills,
    [
      { title: 'Began', value: ({ at }) => timeText(at) },
      { title: 'Kind', value: ({ kind }) => kind },
      {
        title: 'Back after',
        value: ({ recoveryMinutes, meetsRecoveryTime }) => `${recoveryMinutes} min${met(meetsRecoveryTime)}`,
      },
      {
        title: 'Data lost',
        value: ({ dataLossMinutes, meetsRecoveryPoint }) =>
          dataLossMinutes === null ? '' : `${dataLossMinutes} min${met(meetsRecoveryPoint)}`,
      },
      { title: 'Complete', value: ({ isComplete }) => (isComplete ? 'yes' : 'no') },
      { title: 'Note', value: ({ note }) => note },
    ],
    60,
  );
}
