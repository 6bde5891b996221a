import type {
  AppetiteView,
  ForecastItem,
  ProposalItem,
  RegisterDetail,
  RegisterItem,
  TrackRecordItem,
} from '@sphinx/service-risk-assessment';
import { printable, renderTable } from './table.ts';

const CONCERNS: Readonly<Record<RegisterItem['concerns'][number], string>> = {
  'exceeds-appetite': 'above the appetite',
  'acceptance-expired': 'acceptance has ended',
  'acceptance-missing': 'nobody has accepted it',
  'review-overdue': 'review overdue',
  gone: 'what it is about is gone',
};
const WIDE = 100;

const words = (text: string) => text.replaceAll('-', ' ');
const day = (time: number | null) => (time === null ? '' : new Date(time).toISOString().slice(0, 10));
const percent = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;

/** The risk register as a table. */
export function registerTable(entries: readonly RegisterItem[]): string {
  return renderTable(
    entries,
    [
      { title: 'No.', value: ({ number }) => `R-${number}` },
      { title: 'Risk', value: ({ title }) => printable(title) },
      { title: 'Level', value: ({ level, basis }) => (basis === 'none' ? 'unknown' : words(level)) },
      { title: 'For', value: ({ consequence }) => consequence },
      { title: 'Owner', value: ({ owner }) => printable(owner) },
      { title: 'Treatment', value: ({ treatment, status }) => (status === 'closed' ? 'closed' : treatment) },
      { title: 'Review', value: ({ reviewAt }) => day(reviewAt) },
      { title: 'Asks for', value: ({ concerns }) => concerns.map((each) => CONCERNS[each]).join(', ') },
    ],
    WIDE,
  );
}

/** One entry in words. */
export function registerDetailText(entry: RegisterDetail): string {
  const { number, title, status, owner, treatment, consequence, level, appetite, basis, worst, concerns } = entry;
  const from = basis === 'model' ? `by the model${worst === null ? '' : `, worst at ${worst}`}` : 'as people state it';
  const lines = [
    `R-${number}: ${title}${status === 'closed' ? ' (closed)' : ''}`,
    ...(entry.description === '' ? [] : [`  ${entry.description}`]),
    `  Level for ${consequence}: ${basis === 'none' ? 'unknown, linked with nothing that the model knows and not stated' : `${words(level)} ${from}`}; the hospital carries ${words(appetite)}`,
    `  Owner ${owner}; treatment ${treatment}; review ${day(entry.reviewAt) || 'none'}`,
    ...(entry.plan === '' ? [] : [`  Plan: ${entry.plan}`]),
    ...(entry.acceptance === null
      ? []
      : [`  Accepted by ${entry.acceptance.by} until ${day(entry.acceptance.until)}: ${entry.acceptance.reason}`]),
    ...concerns.map((each) => `  ! ${CONCERNS[each]}`),
    ...(entry.links.length === 0
      ? []
      : [`  About: ${entry.links.map(({ name, kind }) => `${name} (${words(kind)})`).join(', ')}`]),
    ...moneyLines(entry),
    'History',
    ...entry.history.map(({ at, by, change }) => `  ${day(at)}  ${by}: ${change}`),
  ];
  return lines.map(printable).join('\n');
}

function moneyLines({ loss, missingFigures }: RegisterDetail): readonly string[] {
  if (loss === null) return [`  Money: not told; wanted: ${missingFigures.join('; ')}`];
  const amount = (value: number) => `${loss.currency} ${Number(value.toPrecision(2)).toLocaleString('en')}`;
  return [
    `  Money, a year: ${amount(loss.mean)} on average; at most ${amount(loss.median)} in half of the years, ${amount(loss.p90)} in nine of ten`,
    ...loss.curve.map(
      ({ probability, loss: more }) => `    ${Math.round(probability * 100)} % of years cost more than ${amount(more)}`,
    ),
  ];
}

/** What could be in the register. */
export function proposalTable(proposals: readonly ProposalItem[]): string {
  return renderTable(
    proposals,
    [
      { title: 'Key', value: ({ key }) => key },
      { title: 'Risk', value: ({ title }) => printable(title) },
      { title: 'Level', value: ({ level }) => words(level) },
      { title: 'Why', value: ({ reason }) => printable(reason) },
    ],
    WIDE,
  );
}

/** What the hospital carries. */
export function appetiteText({ appetite, by, at }: AppetiteView): string {
  const origin = by === null ? 'As SPHINX brings it.' : `Stated by ${by}, ${day(at)}.`;
  return [
    ...Object.entries(appetite).map(([consequence, level]) => `${consequence.padEnd(16)} ${words(level)}`),
    origin,
  ]
    .map(printable)
    .join('\n');
}

/** What is expected of the next days, and how right that was. */
export function forecastText(forecasts: readonly ForecastItem[], records: readonly TrackRecordItem[]): string {
  const rows = forecasts.map((each) => ({ ...each, now: each.history.at(-1), last: each.forecasts.at(-1) }));
  const table = renderTable(rows, [
    { title: 'Disrupted within 30 days', value: ({ name }) => printable(name) },
    { title: 'Last day', value: ({ now }) => (now === undefined ? '' : percent(now.percent)), align: 'right' },
    {
      title: 'Expected',
      value: ({ last, tooLittle }) =>
        last === undefined
          ? `too little history: ${tooLittle?.days ?? 0} of ${tooLittle?.needed ?? 0} days`
          : `${percent(last.middle)} on ${last.day} (80 %: ${percent(last.low)} to ${percent(last.high)})`,
    },
  ]);
  const record = records.map(({ days, text }) => `${days} ${days === 1 ? 'day' : 'days'} ahead: ${text}`);
  return [table, ...record].join('\n');
}
