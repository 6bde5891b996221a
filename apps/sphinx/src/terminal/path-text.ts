import type { ChokePointItem, PathItem, WhatIfReport } from '@sphinx/service-risk-assessment';
import { printable, renderTable } from './table.ts';

const WIDE = 80;

function percent(probability: number): string {
  const value = probability * 100;
  return value < 0.01 ? '< 0.01 %' : `${value.toFixed(value < 0.1 ? 2 : value < 10 ? 1 : 0)} %`;
}

/** Ways with their steps. */
export function pathText(paths: readonly PathItem[]): string {
  return paths
    .flatMap(({ name, groupTitle, probability, steps }) => [
      `${printable(name)} (${groupTitle}): works in ${percent(probability)} of tries`,
      ...steps.map(({ text }, index) => `  ${index + 1}. ${printable(text)}`),
    ])
    .join('\n');
}

/** Choke points, the weightiest first. */
export function chokeTable(points: readonly ChokePointItem[]): string {
  return renderTable(
    points,
    [
      { title: 'Device or network', value: ({ name }) => name },
      { title: 'Every way to', value: ({ guards }) => String(guards), align: 'right' },
      { title: 'Likeliest way to', value: ({ likeliest }) => String(likeliest), align: 'right' },
      { title: 'Guards', value: ({ guarded }) => guarded.join('; ') },
    ],
    WIDE,
  );
}

/** What a change would leave. */
export function whatIfText({ text, groups, care }: WhatIfReport): string {
  const table = renderTable(groups, [
    { title: 'What attackers want', value: ({ title }) => title },
    { title: 'All', value: ({ targets }) => String(targets), align: 'right' },
    { title: 'Within reach', value: ({ before }) => String(before.withinReach), align: 'right' },
    { title: 'then', value: ({ after }) => String(after.withinReach), align: 'right' },
    { title: 'Likeliest', value: ({ before }) => percent(before.likeliest), align: 'right' },
    { title: 'then', value: ({ after }) => percent(after.likeliest), align: 'right' },
  ]);
  return `${printable(text)}\nFor care: ${printable(care)}\n${table}`;
}
