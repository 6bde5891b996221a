import { Badge, Text } from '@mantine/core';
import type { Caution, ProbePolicy, ProbeRun } from './queries.ts';

const CAUTIONS: Readonly<
  Record<Caution, { readonly title: string; readonly meaning: string; readonly color: string }>
> = {
  listens: { title: 'listens', meaning: 'opens a connection and says nothing', color: 'green.9' },
  asks: { title: 'asks', meaning: 'asks what every device of its kind expects', color: 'blue.9' },
  unusual: { title: 'unusual', meaning: 'sends what is sound but rare', color: 'yellow.4' },
  'logs-in': { title: 'logs in', meaning: 'tries to be let in', color: 'orange.9' },
};

/** How much care a probe asks for, in words. */
export function CautionBadge({ caution }: { caution: Caution }) {
  const { title, meaning, color } = CAUTIONS[caution];
  return (
    <>
      <Badge color={color} tt="none" flex="none" miw="max-content">
        {title}
      </Badge>
      <Text size="xs" c="dimmed">
        {meaning}
      </Text>
    </>
  );
}

export function cautionText(cautions: readonly Caution[]): string {
  return cautions.map((caution) => CAUTIONS[caution].meaning).join('; ');
}

const STATES: Readonly<Record<ProbeRun['state'], { readonly title: string; readonly color: string }>> = {
  waiting: { title: 'Waits', color: 'gray.7' },
  running: { title: 'Runs', color: 'blue.9' },
  completed: { title: 'Done', color: 'green.9' },
  unreachable: { title: 'Did not answer', color: 'gray.7' },
  stopped: { title: 'Stopped', color: 'orange.9' },
  slowed: { title: 'Answered slower: left alone', color: 'red.9' },
  refused: { title: 'Refused', color: 'yellow.4' },
};
export const RUN_STATES = Object.entries(STATES).map(([value, { title }]) => ({ value, label: title }));

export function RunBadge({ state }: Pick<ProbeRun, 'state'>) {
  const { title, color } = STATES[state];
  return (
    <Badge color={color} tt="none" flex="none" miw="max-content">
      {title}
    </Badge>
  );
}

export const OCCASIONS: Readonly<Record<ProbeRun['occasion'], string>> = {
  'first-sight': 'when it was first seen',
  periodic: 'by schedule',
  'on-demand': 'a person asked',
};

/** @returns who must agree before a device is asked, as a sentence */
export function consentText({ mode }: ProbePolicy): string {
  switch (mode) {
    case 'allowed':
      return 'May be asked without anybody agreeing.';
    case 'with-approval':
      return 'Only after a person has agreed, for a time.';
    case 'out-of-care-only':
      return 'Only while a person states that the device is on no patient.';
  }
}

/** @returns when SPHINX asks by itself, as a sentence */
export function scheduleText({ occasions, hours, periodicDays, mode }: ProbePolicy): string {
  const times = [
    occasions.includes('first-sight') ? 'when a device is first seen' : '',
    occasions.includes('periodic') ? `every ${periodicDays} days` : '',
  ].filter(Boolean);
  if (times.length === 0) return 'Never by itself, only when a person asks.';
  const within = hours === undefined ? '' : `, between ${hours.from} and ${hours.until}`;
  const consent = mode === 'allowed' ? '' : ', while an agreement holds';
  return `By itself ${times.join(' and ')}${within}${consent}; a person may ask at any time.`;
}

/** @returns what is sent where, as a sentence */
export function reachText({ ports }: ProbePolicy): string {
  return ports === 'known'
    ? 'Only ports on which the device was seen to serve.'
    : 'Ports on which the device was seen to serve, and the usual ones of each probe.';
}
