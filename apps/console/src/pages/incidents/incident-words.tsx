import { Badge } from '@mantine/core';
import type { IncidentStatus, IncidentVerdict } from '@sphinx/schema';
import { IconCircleCheck, IconCircleDashed, IconPlayerPause, IconProgress, type IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';

export const STATUSES: Readonly<
  Record<IncidentStatus, { readonly title: string; readonly color: string; readonly icon: ComponentType<IconProps> }>
> = {
  new: { title: 'New', color: 'red.9', icon: IconCircleDashed },
  'in-progress': { title: 'In progress', color: 'blue.9', icon: IconProgress },
  'on-hold': { title: 'On hold', color: 'gray.7', icon: IconPlayerPause },
  closed: { title: 'Closed', color: 'green.9', icon: IconCircleCheck },
};

export const VERDICT_TITLES: Readonly<Record<IncidentVerdict, string>> = {
  true: 'It was an attack or a breach',
  false: 'Nothing happened',
  benign: 'It happened and was allowed',
  test: 'It was an exercise',
  duplicate: 'Another incident has it',
};

export function StatusBadge({ status }: { status: IncidentStatus }) {
  const { title, color, icon: Icon } = STATUSES[status];
  return (
    <Badge color={color} leftSection={<Icon size={12} aria-hidden />} tt="none" flex="none" miw="max-content">
      {title}
    </Badge>
  );
}

/** "INC-12"; "Noted" for what is no incident. */
export function incidentName({ number }: { readonly number: number | null }): string {
  return number === null ? 'Noted' : `INC-${number}`;
}

/** "lateral-movement" → "Lateral movement". */
export function stageTitle(stage: string): string {
  const words = stage.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
