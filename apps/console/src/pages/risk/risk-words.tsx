import { Badge } from '@mantine/core';
import type { RiskLevel } from './queries.ts';

export const LEVELS: Readonly<Record<RiskLevel, { readonly title: string; readonly color: string }>> = {
  'very-high': { title: 'Very high', color: 'red.9' },
  high: { title: 'High', color: 'orange.9' },
  moderate: { title: 'Moderate', color: 'yellow.4' },
  low: { title: 'Low', color: 'blue.9' },
  'very-low': { title: 'Very low', color: 'gray.7' },
};

export function LevelBadge({ level }: { level: RiskLevel }) {
  const { title, color } = LEVELS[level];
  return (
    <Badge color={color} tt="none" size="sm" flex="none" miw="max-content">
      {title}
    </Badge>
  );
}

/** A probability as people read it. */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value < 0.01) return '< 0.01 %';
  if (value > 99.9) return '> 99.9 %';
  return `${value.toFixed(value < 0.1 ? 2 : value < 10 ? 1 : 0)} %`;
}
