import type { Result } from './hold.ts';

const MS_PER_SECOND = 1000;

/** @returns what drills have shown, as a table of text */
export function tableOf(results: readonly Result[]): string {
  const isOnce = (result: Result) => results.find(({ drill }) => drill === result.drill) === result;
  const rows = results
    .filter((result) => result.isWithSphinx || (isOnce(result) && results.every(({ isWithSphinx }) => !isWithSphinx)))
    .map((result) => {
      const without = results.find(({ drill, isWithSphinx }) => drill === result.drill && !isWithSphinx);
      return [
        result.drill,
        seconds(result.detectedMs),
        seconds(between(result.detectedMs, result.decidedMs)),
        `${seconds(result.containedMs)}${result.isBySphinx ? '' : ' (people)'}`,
        seconds(result.recoveredMs),
        without === undefined ? '' : seconds(without.recoveredMs),
        String(failed(result)),
        without === undefined ? '' : String(failed(without)),
        result.isEvidenceComplete ? 'yes' : 'no',
        result.cut.length === 0 ? 'none' : result.cut.join(', '),
        result.lost.length === 0 ? 'nothing' : result.lost.join(', '),
      ];
    });
  return lines([HEADINGS, ...rows]);
}

const HEADINGS = [
  'drill',
  'detected',
  'decided',
  'contained',
  'recovered',
  'without SPHINX',
  'requests failed',
  'without',
  'evidence',
  'flows cut',
  'lost',
];

/** @returns one result in words */
export function storyOf(result: Result): string {
  const { steps, incident, course, deeds, care } = result;
  const missed = care.filter((each) => each.failed > 0);
  return [
    `${result.title} (use case ${result.useCase})${result.isWithSphinx ? '' : ', without SPHINX'}`,
    `  attack: ${steps.tried} of ${steps.all} steps tried, ${steps.through} got through; contained ${seconds(result.containedMs)}, recovered ${seconds(result.recoveredMs)}`,
    ...(result.isWithSphinx
      ? [
          incident === null
            ? '  SPHINX found nothing.'
            : `  ${incident.name} after ${seconds(result.detectedMs)}: ${incident.title} (${incident.analytics.join('; ')})`,
          `  course: ${course === '' ? 'none fits' : course}; evidence: ${result.evidence.join(', ') || 'none'}`,
        ]
      : []),
    ...deeds.map((deed) => `  ${deed}`),
    missed.length === 0
      ? '  care: no request failed'
      : `  care: ${missed.map(({ service, failed: count, requests, interruptedMs }) => `${service}: ${count} of ${requests} failed, ${seconds(interruptedMs)} interrupted`).join('; ')}`,
  ].join('\n');
}

/** @returns the time within which half of all were done, those that never were counted as the latest; null where it was not half */
export function medianOf(times: readonly (number | null)[]): number | null {
  const sorted = times.map((time) => time ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const median = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(median) ? median : null;
}

export function failed({ care }: Result): number {
  return care.reduce((sum, each) => sum + each.failed, 0);
}

export function seconds(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}

function lines(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
