import { Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { HealthBadge } from '../../components/badges.tsx';
import { formatBytes, formatCount, formatDuration } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';

type HealthState = 'healthy' | 'degraded' | 'unhealthy';

interface Health {
  readonly state: HealthState;
  readonly version: string;
  readonly nodeVersion: string;
  readonly startedAt: number;
  readonly memoryBytes: number;
  readonly dataFolder: string | null;
  readonly parts: readonly {
    readonly id: string;
    readonly title: string;
    readonly state: HealthState;
    readonly message: string;
  }[];
  readonly consumers: readonly { readonly consumer: string; readonly lag: number }[];
  readonly deadLetters: readonly {
    readonly consumer: string;
    readonly type: string;
    readonly key: string;
    readonly error: string;
    readonly time: number;
  }[];
  readonly telemetry: { readonly accepted: number; readonly dropped: number; readonly buffered: number };
}

const REFRESH_MS = 5000;

/** Is SPHINX itself well? */
export default function HealthPage() {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => request<Health>('GET', '/health', { signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <>
      <PageHeader
        title="Health"
        description="Whether SPHINX itself is well: its stores, the event log and every service."
        actions={data !== undefined && <HealthBadge state={data.state} />}
      />
      {isPending ? (
        <LoadingState what="the health" />
      ) : data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Parts health={data} />
          <Stack>
            <Program health={data} />
            <Consumers health={data} />
          </Stack>
          {data.deadLetters.length > 0 && <DeadLetters health={data} />}
        </SimpleGrid>
      )}
    </>
  );
}

function Parts({ health }: { health: Health }) {
  return (
    <Paper component="section">
      <Title order={2} size="h4" mb="sm">
        Parts
      </Title>
      <Stack gap="sm">
        {health.parts.map(({ id, title, state, message }) => (
          <div key={id}>
            <Group gap="xs">
              <Text fw={600}>{title}</Text>
              <HealthBadge state={state} />
            </Group>
            <Text size="sm" c="dimmed">
              {message}
            </Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}

function Program({ health }: { health: Health }) {
  const rows: readonly [string, string][] = [
    ['Version', health.version],
    ['Node', health.nodeVersion],
    ['Running for', formatDuration(Date.now() - health.startedAt)],
    ['Memory', formatBytes(health.memoryBytes)],
    ['Data folder', health.dataFolder ?? 'none: everything is in memory'],
    ['Telemetry rows written', formatCount(health.telemetry.accepted - health.telemetry.buffered)],
    ['Telemetry rows dropped', formatCount(health.telemetry.dropped)],
  ];
  return (
    <Paper component="section">
      <Title order={2} size="h4" mb="sm">
        Program
      </Title>
      <Table>
        <Table.Tbody>
          {rows.map(([title, value]) => (
            <Table.Tr key={title}>
              <Table.Th scope="row">{title}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Consumers({ health }: { health: Health }) {
  return (
    <Paper component="section">
      <Title order={2} size="h4" mb="sm">
        Event log
      </Title>
      <Table>
        <TableHead columns={['Who reads', { title: 'Facts still to handle', isNumber: true }]} />
        <Table.Tbody>
          {health.consumers.map(({ consumer, lag }) => (
            <Table.Tr key={consumer}>
              <Table.Td>{consumer}</Table.Td>
              <Table.Td ta="right">{formatCount(lag)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function DeadLetters({ health }: { health: Health }) {
  return (
    <Paper component="section">
      <Title order={2} size="h4" mb="sm">
        Facts that could not be handled
      </Title>
      <Stack gap="xs">
        {health.deadLetters.map(({ consumer, type, key, error, time }) => (
          <div key={`${consumer} ${type} ${key} ${time}`}>
            <Text size="sm" fw={600}>
              {consumer}: {type} {key}, <TimeText time={time} />
            </Text>
            <Text size="sm">{error}</Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
