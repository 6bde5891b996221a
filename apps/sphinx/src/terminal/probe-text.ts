import { printable } from './table.ts';

/** What the API says would be sent. */
export interface ProbePreview {
  readonly ip: string;
  readonly name: string;
  readonly kind?: string;
  readonly safetyClass?: string;
  readonly policy: string;
  readonly isAllowed: boolean;
  readonly reason: string;
  readonly steps: readonly {
    readonly probe: string;
    readonly title: string;
    readonly sends: string;
    readonly ports: readonly number[];
    readonly conditionalPorts: readonly number[];
    readonly packets: number;
  }[];
  readonly packets: number;
  readonly bytes: number;
  readonly packetsPerSecond: number;
}

export interface ProbeRun {
  readonly id: string;
  readonly ip: string;
  readonly policy: string;
  readonly occasion: string;
  readonly by: string;
  readonly state: string;
  readonly reason: string;
  readonly probes: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly startedAt: number;
}

/** In words for a person who has to agree. */
export function previewText(preview: ProbePreview): string {
  const { name, ip, kind, safetyClass, policy, isAllowed, reason, steps, packets, bytes, packetsPerSecond } = preview;
  const what = [kind ?? 'of unknown kind', safetyClass === undefined ? 'class unknown' : `class ${safetyClass}`].join(
    ', ',
  );
  const lines = steps.flatMap((step) => [
    `  ${step.title} (${step.probe}), at most ${step.packets} packets`,
    `    ${step.sends}`,
    `    ${portsText(step.ports, step.conditionalPorts)}`,
  ]);
  return [
    `${printable(name)} (${ip}), ${printable(what)}`,
    `Policy: ${policy || 'none'}`,
    isAllowed ? 'It may be probed now. This would be sent:' : `It would not be probed: ${reason}`,
    ...(isAllowed || steps.length === 0 ? [] : ['With the agreement that the policy asks for, this would be sent:']),
    ...lines,
    `In all at most ${packets} packets with ${bytes} bytes of data, ${packetsPerSecond} packets a second.`,
  ].join('\n');
}

function portsText(ports: readonly number[], conditional: readonly number[]): string {
  const parts = [
    ...(ports.length === 0 ? [] : [`Ports ${ports.join(', ')}.`]),
    ...(conditional.length === 0 ? [] : [`Where open: ${conditional.join(', ')}.`]),
  ];
  return parts.join(' ');
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  waiting: 'waits for its turn',
  running: 'is being probed',
  completed: 'was probed',
  unreachable: 'did not answer',
  stopped: 'was probed in part, then stopped',
  slowed: 'answered worse after a probe and is left alone from now on',
  refused: 'was not probed',
};

export function runText({ ip, state, reason, probes, packets, bytes }: ProbeRun): string {
  const told = `${ip} ${STATE_WORDS[state] ?? state}${reason === '' ? '.' : `: ${reason}`}`;
  if (probes.length === 0) return told;
  return `${told}\n${probes.length} probes, ${packets} packets, ${bytes} bytes of data: ${probes.join(', ')}`;
}
