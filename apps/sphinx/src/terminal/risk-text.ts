import type {
  AssetRiskDetail,
  AssetRiskItem,
  CareRiskItem,
  ControlItem,
  RiskSummary,
  ThreatRiskItem,
} from '@sphinx/service-risk-assessment';
import { printable, renderTable } from './table.ts';

const LEVELS = {
  'very-high': 'very high',
  high: 'high',
  moderate: 'moderate',
  low: 'low',
  'very-low': 'very low',
} as const;
const WIDE = 100;
const MOST_THREATS = 5;

/** A probability as people read it. */
function percent(probability: number): string {
  const value = probability * 100;
  if (value < 0.01) return '< 0.01 %';
  if (value > 99.9) return '> 99.9 %';
  return `${value.toFixed(value < 0.1 ? 2 : value < 10 ? 1 : 0)} %`;
}

/** Risk of the hospital, then its clinical services, the worst first. */
export function riskText(summary: RiskSummary, services: readonly CareRiskItem[]): string {
  if (services.length === 0) return printable(summary.text);
  const table = renderTable(
    services,
    [
      { title: 'Clinical service', value: ({ name }) => name },
      { title: 'Risk', value: ({ level }) => LEVELS[level] },
      { title: '30 days', value: ({ probability }) => percent(probability), align: 'right' },
      { title: 'Beds', value: ({ beds }) => (beds === null ? 'unknown' : String(beds)), align: 'right' },
      { title: 'Above all because', value: ({ reasons }) => reasons[0] ?? '' },
    ],
    WIDE,
  );
  return `${printable(summary.text)}\n${table}`;
}

/** Assets as a table, the greatest risk first. */
export function assetRiskTable(assets: readonly AssetRiskItem[]): string {
  return renderTable(assets, [
    { title: 'Device', value: ({ name }) => name },
    { title: 'Kind', value: ({ kind }) => kind },
    { title: 'Risk', value: ({ level }) => LEVELS[level] },
    { title: '30 days', value: ({ probability }) => percent(probability), align: 'right' },
    { title: 'Above all by', value: ({ threat }) => threat },
    { title: 'Evidence', value: ({ signals }) => String(signals), align: 'right' },
    { title: 'Id', value: ({ id }) => id },
  ]);
}

/** One asset with all reasons. */
export function assetRiskText({ name, level, care, consequences, threats, evidence }: AssetRiskDetail): string {
  return [
    `${printable(name)}: ${LEVELS[level]} risk`,
    printable(care),
    ...consequences.map(({ text }) => `  ${printable(text)}`),
    ...threats
      .slice(0, MOST_THREATS)
      .flatMap(({ title, probability, reasons }) => [
        `${title}: ${percent(probability)} within 30 days`,
        ...reasons.map((reason) => `  ${printable(reason)}`),
      ]),
    evidence.length === 0 ? 'Nothing was detected that speaks for a compromise.' : 'What was detected:',
    ...evidence.map(
      ({ text, time }) => `  ${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}  ${printable(text)}`,
    ),
  ].join('\n');
}

/** Threats to the hospital, the likeliest first. */
export function threatTable(threats: readonly ThreatRiskItem[]): string {
  return renderTable(
    threats,
    [
      { title: 'Threat', value: ({ title }) => title },
      { title: '30 days', value: ({ probability }) => percent(probability), align: 'right' },
      { title: 'Where first', value: ({ likeliest }) => likeliest.map((each) => each.name).join(', ') },
      { title: 'Rate from', value: ({ basis }) => basis },
    ],
    WIDE,
  );
}

/** Controls with what was said of them. */
export function controlTable(controls: readonly ControlItem[]): string {
  return renderTable(
    controls,
    [
      { title: 'Control', value: ({ id }) => id },
      { title: 'In place', value: ({ state }) => state ?? 'not stated' },
      { title: 'Question', value: ({ question }) => question },
    ],
    WIDE,
  );
}
