import type {
  AreaItem,
  CareItem,
  CareNodeDetail,
  CriticalItem,
  EditItem,
  NeedItem,
  OutageReport,
} from '@sphinx/service-risk-assessment';
import { printable, renderTable } from './table.ts';

const EFFECTS = { stops: 'stops', degrades: 'degraded', slows: 'slowed' } as const;

function areaText(area: string): string {
  return area === '' ? '(none stated)' : printable(area);
}

function bedsText(beds: number | null): string {
  return beds === null ? 'unknown' : String(beds);
}

/** Clinical services as a table, one a line. */
export function careTable(services: readonly CareItem[]): string {
  return renderTable(services, [
    { title: 'Clinical service', value: ({ title }) => title },
    { title: 'Care area', value: ({ area }) => areaText(area) },
    { title: 'Class', value: ({ safety }) => safety ?? '' },
    {
      title: 'Beds',
      value: ({ beds, bedsOrigin }) => `${bedsText(beds)}${bedsOrigin === 'counted' ? ' (counted)' : ''}`,
      align: 'right',
    },
    { title: 'Devices', value: ({ devices }) => String(devices), align: 'right' },
    { title: 'Works with', value: ({ applications }) => applications.join(', ') },
  ]);
}

/** What most of care depends on, as a table. */
export function criticalTable(nodes: readonly CriticalItem[]): string {
  return renderTable(
    nodes,
    [
      { title: 'What', value: ({ name }) => name },
      { title: 'Services', value: ({ services }) => String(services), align: 'right' },
      { title: 'stop', value: ({ stops }) => String(stops), align: 'right' },
      { title: 'Beds', value: ({ beds }) => String(beds), align: 'right' },
      { title: 'The gravest', value: ({ hit }) => hit.join('; ') },
    ],
    90,
  );
}

/** One node with what it needs and what needs it. */
export function nodeText({ node, needs, neededBy, needsTotal, neededByTotal }: CareNodeDetail): string {
  return [
    `${printable(node.name)} (${node.layer}, care area ${areaText(node.area)})`,
    needs.length === 0 ? 'It needs nothing that is known.' : `It needs (${needsTotal}):`,
    ...needs.map(needLine),
    neededBy.length === 0 ? 'Nothing that is known needs it.' : `Needed by (${neededByTotal}):`,
    ...neededBy.map(needLine),
  ].join('\n');
}

function needLine({ text, effect, because, origin }: NeedItem): string {
  return `  ${printable(text)}; without it ${EFFECTS[effect]}: ${printable(because)} [${origin}]`;
}

/** What stops when something stops. */
export function outageText({ stopped, summary, care, others, othersTotal }: OutageReport): string {
  return [
    `Without ${printable(stopped.map(({ name }) => name).join(', '))}:`,
    printable(summary),
    ...care.flatMap(({ node, effect, beds, path }) => [
      `  ${EFFECTS[effect].padEnd(8)}  ${printable(node.name)}, beds: ${bedsText(beds)}`,
      ...path.map((sentence) => `            ${printable(sentence)}`),
    ]),
    ...(others.length === 0 ? [] : [`Behind it (${othersTotal}):`]),
    ...others.map(({ node, effect }) => `  ${EFFECTS[effect].padEnd(8)}  ${printable(node.name)}`),
  ].join('\n');
}

/** Care areas with their beds. */
export function areaTable(areas: readonly AreaItem[]): string {
  return renderTable(areas, [
    { title: 'Care area', value: ({ area }) => areaText(area) },
    { title: 'Beds', value: ({ beds }) => bedsText(beds), align: 'right' },
    { title: 'Known', value: ({ origin }) => origin ?? '' },
  ]);
}

/** What people said about the map. */
export function editTable(edits: readonly EditItem[]): string {
  return renderTable(
    edits,
    [
      { title: 'When', value: ({ time }) => new Date(time).toISOString().slice(0, 16).replace('T', ' ') },
      { title: 'Who', value: ({ by }) => by },
      { title: 'What', value: ({ text }) => text },
      { title: 'Stands', value: ({ undoneBy }) => (undoneBy === null ? 'yes' : `no, taken back by ${undoneBy}`) },
      { title: 'Id', value: ({ id }) => id },
    ],
    80,
  );
}
