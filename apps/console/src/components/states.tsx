import { Alert, Button, Center, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { messageOf } from './error-text.tsx';

/** @param what in words, for example "the assets" */
export function LoadingState({ what }: { what: string }) {
  return (
    <Center py="xl" role="status">
      <Group gap="sm">
        <Loader size="sm" aria-hidden />
        <Text c="dimmed">Loading {what} …</Text>
      </Group>
    </Center>
  );
}

/** Nothing here yet: says why, and what to do next. */
export function EmptyState(props: { title: string; description: string; action?: ReactNode; icon?: ReactNode }) {
  const { title, description, action, icon } = props;
  return (
    <Paper py="xl">
      <Stack align="center" gap="sm" ta="center" maw={560} mx="auto">
        {icon}
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed">{description}</Text>
        {action}
      </Stack>
    </Paper>
  );
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  return (
    <Alert color="red" variant="outline" icon={<IconAlertCircle aria-hidden />} title="This could not be loaded">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{messageOf(error)}</Text>
        {onRetry !== undefined && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => onRetry()}
          >
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
