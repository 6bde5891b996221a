import { Button, Card, Group, Text, Title } from '@mantine/core';
import { SampleBadge } from './badges.tsx';
import { ErrorText } from './error-text.tsx';

/** Something invented to look around in: one click brings it, one click takes it away. */
export function SampleCard(props: {
  title: string;
  /** What is said where it is there, and where it is not. */
  present: string;
  absent: string;
  /** How the buttons call it, for example "sample traffic". */
  what: string;
  isThere: boolean;
  mayWrite: boolean;
  isPending: boolean;
  error: Error | null;
  onChange: (isThere: boolean) => void;
}) {
  const { title, present, absent, what, isThere, mayWrite, isPending, error, onChange } = props;
  if (!mayWrite && !isThere) return null;
  return (
    <Card withBorder component="section" padding="md">
      <Group justify="space-between" gap="md">
        <div style={{ flex: '1 1 320px' }}>
          <Group gap="xs">
            <Title order={2} size="h4">
              {title}
            </Title>
            <SampleBadge />
          </Group>
          <Text size="sm" mt={4}>
            {isThere ? present : absent}
          </Text>
        </div>
        {mayWrite && (
          <Button variant={isThere ? 'default' : 'light'} loading={isPending} onClick={() => onChange(!isThere)}>
            {isThere ? `Remove ${what}` : `Load ${what}`}
          </Button>
        )}
      </Group>
      <ErrorText error={error} />
    </Card>
  );
}
