import type { Anomaly, BaselineDetail, DetectorItem, ShownAnomaly } from '@sphinx/service-anomaly-detection';
import { printable, renderTable } from './table.ts';

const WIDEST = 90;
const STEPS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const STEP = 1000;
const PEERS_SHOWN = 12;

export function anomalyTable(anomalies: readonly Anomaly[]): string {
  return renderTable(
    anomalies,
    [
      { title: 'Last seen', value: ({ lastSeen }) => timeText(lastSeen) },
      { title: 'Severity', value: ({ severity }) => severity },
      { title: 'Who', value: ({ actor }) => printable(actor) },
      { title: 'What', value: ({ detector }) => detector },
      { title: 'Seen', value: ({ seen }) => seen },
      { title: 'Said', value: ({ verdict }) => verdict ?? 'open' },
      { title: 'Id', value: ({ id }) => id },
    ],
    WIDEST,
  );
}

/** Everything that is known of one. */
export function anomalyText(anomaly: ShownAnomaly): string {
  const { title, severity, actor, seen, expected, firstSeen, lastSeen, count, howRare, techniques, advice } = anomaly;
  const said =
    anomaly.verdict === null ? 'nobody has said anything of it' : `${anomaly.verdict}, says ${anomaly.decidedBy}`;
  return [
    `${title} (${severity})`,
    '',
    `Who       ${printable(actor)}`,
    `Seen      ${printable(seen)}`,
    `Expected  ${printable(expected)}`,
    `Since     ${timeText(firstSeen)}, last ${timeText(lastSeen)}, ${count === 1 ? 'once' : `${count} times`}`,
    `Rarity    ${howRare}`,
    ...(techniques.length === 0 ? [] : [`ATT&CK    ${techniques.join(', ')}`]),
    `What now  ${advice}`,
    `Verdict   ${said}${anomaly.note === '' ? '' : `: ${printable(anomaly.note)}`}`,
  ].join('\n');
}

export function detectorTable(detectors: readonly DetectorItem[]): string {
  return renderTable(
    detectors,
    [
      { title: 'Number', value: ({ number }) => String(number) },
      { title: 'Detector', value: ({ id }) => id },
      {
        title: 'Told from',
        value: ({ limits }) =>
          limits.map(({ limit, unit }) => amountText(limit, unit)).join(', ') || 'no single number',
      },
      { title: 'Learnt from', value: ({ limits }) => limits[0]?.basis ?? '' },
      { title: 'Found', value: ({ found }) => String(found), align: 'right' },
      { title: 'Open', value: ({ open }) => String(open), align: 'right' },
      { title: 'What', value: ({ title }) => title },
    ],
    WIDEST,
  );
}

export function baselineText({
  key,
  kind,
  hasLearnt,
  hours,
  comparedWith,
  measures,
  habitList,
  peers,
}: BaselineDetail): string {
  const head = `${printable(key)}${kind === '' ? '' : `, ${kind}`}: ${hours} hours of activity, compared with ${comparedWith}${hasLearnt ? '' : ' (still learning)'}`;
  const table = renderTable(measures, [
    { title: 'An hour', value: ({ title }) => title },
    {
      title: 'Usual',
      value: ({ usual, unit }) => (usual === null ? 'unknown' : amountText(usual, unit)),
      align: 'right',
    },
    { title: 'High', value: ({ high, unit }) => amountText(high, unit), align: 'right' },
    { title: 'Told from', value: ({ limit, unit }) => amountText(limit, unit), align: 'right' },
    { title: 'Last hour', value: ({ recent, unit }) => amountText(recent.at(-1)?.value ?? 0, unit), align: 'right' },
  ]);
  const habits = habitList.filter(({ isKnown }) => isKnown).map(({ name }) => printable(name));
  return [
    head,
    '',
    table,
    '',
    `Habits: ${habits.join('; ') || 'none known yet'}`,
    `Speaks to: ${peersText(peers.filter(({ role }) => role === 'asked'))}`,
    `Is spoken to from: ${peersText(peers.filter(({ role }) => role === 'asks'))}`,
  ].join('\n');
}

function peersText(peers: BaselineDetail['peers']): string {
  const named = peers
    .slice(0, PEERS_SHOWN)
    .map(({ name, since }) => `${printable(name)} (since ${timeText(since).slice(0, 10)})`);
  const more = peers.length > PEERS_SHOWN ? ` and ${peers.length - PEERS_SHOWN} more` : '';
  return peers.length === 0 ? 'no device here' : `${named.join(', ')}${more}`;
}

function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

function amountText(value: number, unit: string): string {
  if (unit === 'seconds') return `${Math.round(value)} s`;
  if (unit === 'count') return Math.round(value).toLocaleString('en');
  let rest = value;
  let step = 0;
  while (rest >= STEP && step < STEPS.length - 1) {
    rest /= STEP;
    step++;
  }
  return `${Number(rest.toPrecision(3))} ${STEPS[step]}`;
}
