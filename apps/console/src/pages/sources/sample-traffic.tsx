import { Button, Card, Group, Text, Title } from '@mantine/core';
import { SampleBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { type Source, useSampleTraffic } from './queries.ts';

/** An invented hospital to look around in: one click brings it, one click takes it away. */
export function SampleTraffic({ sources, mayWrite }: { sources: readonly Source[]; mayWrite: boolean }) {
  const sample = useSampleTraffic();
  const isThere = sources.some(({ isSample }) => isSample);
  if (!mayWrite && !isThere) return null;
  return (
    <Card withBorder component="section" padding="md">
      <Group justify="space-between" gap="md">
        <div style={{ flex: '1 1 320px' }}>
          <Group gap="xs">
            <Title order={2} size="h4">
              Sample traffic
            </Title>
            <SampleBadge />
          </Group>
          <Text size="sm" mt={4}>
            {isThere
              ? 'The traffic of an invented hospital is loaded. Everything that comes from it is marked as sample; removing it takes all of that away and touches nothing of yours.'
              : 'Ten minutes of an invented hospital with some deliberate faults. Everything that comes from it is marked as sample and goes away in one click.'}
          </Text>
        </div>
        {mayWrite && (
          <Button
            variant={isThere ? 'default' : 'light'}
            loading={sample.isPending}
            onClick={() => sample.mutate(!isThere)}
          >
            {isThere ? 'Remove sample traffic' : 'Load sample traffic'}
          </Button>
        )}
      </Group>
      <ErrorText error={sample.error} />
    </Card>
  );
}
