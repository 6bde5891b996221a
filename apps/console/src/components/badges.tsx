import { Badge } from '@mantine/core';
import type { Severity, Verdict } from '@sphinx/schema';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconFlask,
  IconHelpCircle,
  type IconProps,
  IconSparkles,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

/** What a verdict looks like: never colour alone. */
export const VERDICTS: Readonly<
  Record<Verdict, { readonly title: string; readonly color: string; readonly icon: ComponentType<IconProps> }>
> = {
  trusted: { title: 'Trusted', color: 'green.9', icon: IconCircleCheck },
  conditional: { title: 'Conditional', color: 'yellow.4', icon: IconAlertTriangle },
  rejected: { title: 'Rejected', color: 'red.9', icon: IconCircleX },
  'insufficient-evidence': { title: 'Too little seen', color: 'gray.7', icon: IconHelpCircle },
};

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { title, color, icon: Icon } = VERDICTS[verdict];
  return (
    <Badge color={color} leftSection={<Icon size={12} aria-hidden />} tt="none" flex="none" miw="max-content">
      {title}
    </Badge>
  );
}

const SEVERITY_COLORS: Readonly<Record<Severity, string>> = {
  critical: 'red.9',
  high: 'orange.9',
  medium: 'yellow.4',
  low: 'blue.9',
  informational: 'gray.7',
};

/** From the most severe on. */
export const SEVERITIES = Object.keys(SEVERITY_COLORS) as readonly Severity[];

export function SeverityBadge({ severity }: { severity: Severity }) {
  return (
    <Badge color={SEVERITY_COLORS[severity]} tt="none" size="sm" flex="none" miw="max-content">
      {severity}
    </Badge>
  );
}

/** Generated traffic must never be taken for the hospital's own. */
export function SampleBadge() {
  return (
    <Badge color="grape.9" size="sm" tt="none" flex="none" leftSection={<IconFlask size={11} aria-hidden />}>
      Sample
    </Badge>
  );
}

export function NewBadge() {
  return (
    <Badge color="cyan.9" size="sm" tt="none" flex="none" leftSection={<IconSparkles size={11} aria-hidden />}>
      New
    </Badge>
  );
}

const HEALTH = {
  healthy: { color: 'green.9', icon: IconCircleCheck },
  degraded: { color: 'yellow.4', icon: IconAlertTriangle },
  unhealthy: { color: 'red.9', icon: IconCircleX },
} as const;

export function HealthBadge({ state, title = state }: { state: keyof typeof HEALTH; title?: string }) {
  const { color, icon: Icon } = HEALTH[state];
  return (
    <Badge color={color} tt="none" leftSection={<Icon size={12} aria-hidden />}>
      {title}
    </Badge>
  );
}
