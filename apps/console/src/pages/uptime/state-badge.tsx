import { Badge } from '@mantine/core';
import type { AvailabilityState, OutageCause } from '@sphinx/schema';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle, type IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';

export const STATES: Readonly<
  Record<AvailabilityState, { readonly title: string; readonly color: string; readonly icon: ComponentType<IconProps> }>
> = {
  up: { title: 'Up', color: 'green.9', icon: IconCircleCheck },
  degraded: { title: 'Degraded', color: 'yellow.4', icon: IconAlertTriangle },
  down: { title: 'Down', color: 'red.9', icon: IconCircleX },
  unknown: { title: 'Unknown', color: 'gray.7', icon: IconHelpCircle },
};

export const CAUSES: Readonly<Record<OutageCause, string>> = {
  failure: 'Failure',
  'possible-attack': 'May be an attack',
  planned: 'Planned',
};

/** Whether a service can be used: never colour alone. */
export function StateBadge({ state, isPaused = false }: { state: AvailabilityState; isPaused?: boolean }) {
  const { title, color, icon: Icon } = STATES[state];
  return (
    <Badge color={color} leftSection={<Icon size={12} aria-hidden />} tt="none" flex="none" miw="max-content">
      {isPaused ? 'Paused' : title}
    </Badge>
  );
}

/** Failure or attack. */
export function CauseBadge({ cause }: { cause: OutageCause }) {
  const color = cause === 'possible-attack' ? 'red.9' : 'gray.7';
  return (
    <Badge color={color} variant={cause === 'possible-attack' ? 'filled' : 'outline'} tt="none" miw="max-content">
      {CAUSES[cause]}
    </Badge>
  );
}
