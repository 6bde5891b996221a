import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleX, type IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { formatCount } from '../../components/format.ts';
import type { Feed, FeedOutcome } from './queries.ts';

const HEALTH: Readonly<
  Record<Feed['health'], { readonly title: string; readonly color: string; readonly icon: ComponentType<IconProps> }>
> = {
  fresh: { title: 'Up to date', color: 'green.9', icon: IconCircleCheck },
  stale: { title: 'Old', color: 'yellow.4', icon: IconAlertTriangle },
  failed: { title: 'Failed', color: 'red.9', icon: IconCircleX },
  empty: { title: 'Nothing yet', color: 'gray.7', icon: IconCircleDashed },
};

export function FeedHealthBadge({ health }: { health: Feed['health'] }) {
  const { title, color, icon: Icon } = HEALTH[health];
  return (
    <Badge color={color} tt="none" flex="none" miw="max-content" leftSection={<Icon size={12} aria-hidden />}>
      {title}
    </Badge>
  );
}

export const AUTHORITIES: Readonly<Record<Feed['authority'], string>> = {
  vendor: 'A maker about its own products: counts most',
  coordinator: 'Somebody who coordinates: counts more than a collection',
  collection: 'A collection of what others say',
};

export const ORIGINS: Readonly<Record<'url' | 'file' | 'bundle', string>> = {
  url: 'fetched from',
  file: 'from the file',
  bundle: 'from the bundle',
};

/** What became of a feed, a sentence. @param title of the feed */
export function outcomeText(title: string, { outcome, message, ...counts }: FeedOutcome): string {
  if (outcome === 'failed') return `${title}: ${message}`;
  if (outcome === 'unchanged') return `${title}: nothing new.`;
  const { added = 0, changed = 0, removed = 0 } = counts;
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${formatCount(Number(count))} ${word}`]));
  return `${title}: ${parts.length === 0 ? 'taken, nothing is other than before' : parts.join(', ')}.`;
}
