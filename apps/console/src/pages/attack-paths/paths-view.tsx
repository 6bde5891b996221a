import { Anchor, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { percent } from '../risk/risk-words.tsx';
import { type AttackPath, useAttackPaths } from './queries.ts';

/** The likeliest way to each thing that attackers want. */
export function PathsView() {
  const list = useAttackPaths();
  const items = list.data?.pages.flatMap((page) => page.items);
  if (items === undefined) {
    return list.error === null ? (
      <LoadingState what="the ways" />
    ) : (
      <ErrorState error={list.error} onRetry={list.refetch} />
    );
  }
  if (items.length === 0) {
    return (
      <EmptyState
        title="No way to anything that matters is known"
        description="Ways show as soon as devices are seen talking. That none is known proves nothing while little was seen."
      />
    );
  }
  return (
    <Stack gap="lg">
      <Text size="sm">
        Once somebody tries. The most threatening first: how likely the way works, by how much the target is wanted.
      </Text>
      {items.map((each) => (
        <Way key={`${each.group}|${each.id}`} path={each} />
      ))}
      {list.hasNextPage && (
        <Group>
          <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Way({ path }: { path: AttackPath }) {
  return (
    <section aria-label={`Way to ${path.name}`}>
      <Group gap="xs">
        <Title order={2} size="h5">
          <Anchor component={Link} to={`/risk?asset=${encodeURIComponent(path.id)}&view=assets`} inherit>
            {path.name}
          </Anchor>
        </Title>
        {path.isSample && <SampleBadge />}
        <Text size="sm" c="dimmed">
          {[path.groupTitle, path.kind, path.careArea].filter(Boolean).join(' · ')}
        </Text>
      </Group>
      <Text size="sm">
        Works in {percent(path.probability)} of tries, in {path.steps.length}{' '}
        {path.steps.length === 1 ? 'step' : 'steps'}
        {path.shortest < path.steps.length && `; the shortest way has ${path.shortest}`}.
      </Text>
      <List type="ordered" size="sm">
        {path.steps.map(({ text }) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
      </List>
    </section>
  );
}
