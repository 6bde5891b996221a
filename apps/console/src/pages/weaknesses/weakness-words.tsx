import { Badge, Text, Tooltip } from '@mantine/core';
import type { SsvcDecision, WeaknessStatus } from '@sphinx/schema';
import { IconBolt, IconClock, IconEye, IconEyeCheck, type IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { formatCount } from '../../components/format.ts';

/** From the most urgent on (CISA SSVC guide). */
export const DECISIONS: readonly SsvcDecision[] = ['act', 'attend', 'track*', 'track'];

export const DECISION_WORDS: Readonly<
  Record<
    SsvcDecision,
    {
      readonly title: string;
      readonly meaning: string;
      readonly color: string;
      readonly icon: ComponentType<IconProps>;
    }
  >
> = {
  act: { title: 'Act', meaning: 'as soon as possible', color: 'red.9', icon: IconBolt },
  attend: { title: 'Attend', meaning: 'sooner than usual', color: 'orange.9', icon: IconClock },
  'track*': { title: 'Track*', meaning: 'watch closely', color: 'yellow.4', icon: IconEyeCheck },
  track: { title: 'Track', meaning: 'at the usual time', color: 'gray.7', icon: IconEye },
};

export function DecisionBadge({ decision }: { decision: SsvcDecision }) {
  const { title, meaning, color, icon: Icon } = DECISION_WORDS[decision];
  return (
    <Tooltip label={meaning}>
      <Badge color={color} tt="none" flex="none" miw="max-content" leftSection={<Icon size={12} aria-hidden />}>
        {title}
      </Badge>
    </Tooltip>
  );
}

export function ExploitedBadge() {
  return (
    <Badge color="red" variant="outline" tt="none" size="sm" flex="none">
      known to be exploited
    </Badge>
  );
}

/** @returns why it matters, without what a badge beside it says already */
export function reasonsBeside(reasons: readonly string[], isKnownExploited: boolean): readonly string[] {
  return reasons.filter((reason) => !(isKnownExploited && reason.startsWith('It is known to be exploited')));
}

export const STATUS_TITLES: Readonly<Record<WeaknessStatus, string>> = {
  open: 'Open',
  'in-progress': 'In progress',
  'accepted-risk': 'Risk accepted',
  compensated: 'Compensated',
  'false-positive': 'False positive',
  fixed: 'Said to be fixed',
};

/** How many devices have a weakness, and of how many nobody knows. */
export function AffectedText({ affected, possiblyAffected }: { affected: number; possiblyAffected: number }) {
  return (
    <>
      <Text size="sm">{formatCount(affected)}</Text>
      {possiblyAffected > 0 && (
        <Text size="xs" c="dimmed">
          {formatCount(possiblyAffected)} unclear
        </Text>
      )}
    </>
  );
}

/** @param probability EPSS, 0 to 1 */
export function percentText(probability: number): string {
  return probability < 0.001 ? 'under 0.1 %' : `${(probability * 100).toFixed(probability < 0.1 ? 1 : 0)} %`;
}
