import { printable, renderTable } from '../terminal/table.ts';
import type { ChangesView, DetectionTrial, ListView, RuleView, SetView } from './rules-views.ts';

const timeText = (time: number | null) => (time === null ? 'never' : new Date(time).toISOString());

export function setTable(sets: readonly SetView[]): string {
  return renderTable(sets, [
    { title: 'Set', value: ({ title }) => title },
    { title: 'On', value: ({ isEnabled }) => (isEnabled ? 'yes' : 'no') },
    { title: 'Loaded', value: ({ loaded }) => String(loaded), align: 'right' },
    { title: 'Rejected', value: ({ rejected }) => String(rejected), align: 'right' },
    { title: 'Updated', value: ({ updatedAt }) => timeText(updatedAt) },
    { title: 'Id', value: ({ id }) => id },
    { title: 'Problem', value: ({ message }) => message },
  ]);
}

export function ruleTable(rules: readonly RuleView[]): string {
  return renderTable(
    rules,
    [
      { title: 'Rule', value: ({ id }) => id },
      { title: 'On', value: ({ isInForce }) => (isInForce ? 'yes' : 'no') },
      { title: 'Hits', value: ({ hits }) => String(hits), align: 'right' },
      { title: 'Last hit', value: ({ lastHit }) => timeText(lastHit) },
      { title: 'Looks', value: ({ looks }) => String(looks), align: 'right' },
      { title: 'Cost in ms', value: ({ milliseconds }) => milliseconds.toFixed(1), align: 'right' },
      { title: 'Title', value: ({ title }) => title },
    ],
    80,
  );
}

export function listTable(lists: readonly ListView[]): string {
  return renderTable(lists, [
    { title: 'List', value: ({ name }) => name },
    { title: 'Type', value: ({ type }) => type },
    { title: 'Entries', value: ({ entries }) => String(entries), align: 'right' },
    { title: 'Used by rules', value: ({ usedBy }) => String(usedBy), align: 'right' },
  ]);
}

export function changesText({ added, changed, removed, unchanged, rejected, rules }: ChangesView): string {
  const summary = `${added} rules added, ${changed} changed, ${removed} removed, ${unchanged} as they are, ${rejected} rejected. Nothing was taken.`;
  const lines = rules.map(({ id, title, change }) => `${change.padEnd(8)}${id.padEnd(12)}${printable(title)}`);
  return [...lines, ...(lines.length === 0 ? [] : ['']), summary].join('\n');
}

export function trialText({ packets, detections, isCut, looks, milliseconds }: DetectionTrial): string {
  const lines = detections.map(({ source, destination, time, packet }) =>
    [
      new Date(time).toISOString(),
      `${source.ip}:${source.port} > ${destination.ip}:${destination.port}`,
      `packet ${packet.number}`,
    ].join('  '),
  );
  const count = isCut ? `more than ${detections.length}` : String(detections.length);
  const summary = `${count} detections in ${packets} packets; ${looks} looks, ${milliseconds.toFixed(1)} ms of processor time.`;
  return [...lines, summary].join('\n');
}
