import type { PlaybookDetail, PlaybookItem } from '@sphinx/service-decision-support';
import { printable, renderTable } from './table.ts';

/** Playbooks as a table, most urgent first. */
export function playbookTable(playbooks: readonly PlaybookItem[]): string {
  return renderTable(playbooks, [
    { title: 'Key', value: ({ key }) => printable(key) },
    { title: 'Name', value: ({ name }) => printable(name) },
    { title: 'For', value: ({ subjects }) => subjects.join(', ') || 'by hand' },
    { title: 'Steps', value: ({ steps }) => String(steps), align: 'right' },
    { title: 'Priority', value: ({ priority }) => String(priority ?? ''), align: 'right' },
    { title: 'From', value: ({ origin, isReplacing }) => (isReplacing ? 'hospital, replaces' : origin) },
  ]);
}

/** A playbook as a person reads it on paper. */
export function playbookText(playbook: PlaybookDetail): string {
  const { name, description, key, id, origin, modified, response, outline, sources, digest } = playbook;
  const steps = outline
    .filter(({ type }) => type !== 'end' && type !== 'start')
    .flatMap((step) => {
      const indent = '  '.repeat(step.depth + 1);
      const who = step.agent === '' ? '' : ` [${step.agent}]`;
      const when = step.branch === '' ? '' : ` (${step.branch})`;
      const more = [step.description, ...step.commands].filter((text) => text !== '' && text !== step.name);
      return [`${indent}${step.number}. ${step.name}${who}${when}`, ...more.map((text) => `${indent}   ${text}`)];
    });
  const lines = [
    name,
    '',
    description,
    '',
    `Key ${key}, id ${id}, from ${origin}, modified ${modified}`,
    `SHA-256 of the canonical form ${digest}`,
    '',
    'Steps',
    ...steps,
    ...(response === null ? [] : responseLines(response)),
    '',
    'Sources',
    ...sources.map(
      ({ name: title, url, externalId }) =>
        `  ${title}${externalId === null ? '' : ` ${externalId}`}${url === null ? '' : `: ${url}`}`,
    ),
  ];
  return lines.map(printable).join('\n');
}

function responseLines(response: NonNullable<PlaybookDetail['response']>): readonly string[] {
  const { clinical_cautions, communication, recovery, lessons, approvers, effects } = response;
  const list = (title: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : ['', title, ...texts.map((text) => `  - ${text}`)];
  return [
    ...list('Cautions for patients', clinical_cautions),
    ...list('Who must agree', approvers),
    ...list(
      'Whom to tell',
      communication.map(({ audience, when, message }) => `${audience}, ${when}: ${message}`),
    ),
    ...list('Coming back', recovery),
    ...list('Lessons to ask for', lessons),
    ...list('What it does', [
      `averts ${percent(effects.risk_reduction)} of the harm still to come, in ${rangeText(effects.minutes_to_effect)} minutes`,
      `costs ${rangeText(effects.work_hours)} hours of work`,
      `care: ${effects.care_effect}`,
      `can be undone: ${effects.reversibility.replaceAll('-', ' ')}`,
      effects.basis,
    ]),
  ];
}

function percent([low, high]: readonly [number, number]): string {
  return `${Math.round(low * 100)} to ${Math.round(high * 100)} %`;
}

function rangeText([low, high]: readonly [number, number]): string {
  return low === high ? String(low) : `${low} to ${high}`;
}
