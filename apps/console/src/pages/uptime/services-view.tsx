import { Anchor, Group, Progress, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { formatDuration, formatQuantity } from '../../components/format.ts';
import { StatTile } from '../../components/stat-tile.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { AddService } from './add-service.tsx';
import { type Budget, type MonitoredService, useServices } from './queries.ts';
import { CauseBadge, StateBadge } from './state-badge.tsx';

/** What is watched, the worst first, and a place to watch something else. */
export function ServicesView() {
  const { data, error, refetch } = useServices();
  const mayChange = useMay('uptime:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the services" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <Stack gap="lg">
      {data.items.length === 0 ? (
        <EmptyState
          title="No service is watched"
          description="Choose one under “In use, not watched”, or name one below. Nothing is sent to anything before."
        />
      ) : (
        <>
          <Figures services={data.items} />
          <ServiceTable services={data.items} />
        </>
      )}
      {mayChange && <AddService />}
    </Stack>
  );
}

function Figures({ services }: { services: readonly MonitoredService[] }) {
  const count = (state: MonitoredService['state']) => services.filter((service) => service.state === state).length;
  const attacked = services.filter(({ cause }) => cause === 'possible-attack').length;
  const spent = services.filter(({ budget }) => budget?.isMet === false).length;
  const failing = count('down') + count('degraded');
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      <StatTile title="Up" value={count('up')} comparison={`of ${formatQuantity(services.length, 'service')}`} />
      <StatTile
        title="Down or degraded"
        value={failing}
        comparison={attacked === 0 ? 'none that may be attacked' : `${attacked} may be attacked`}
      />
      <StatTile title="Objective missed" value={spent} comparison="error budget spent" />
    </SimpleGrid>
  );
}

function ServiceTable({ services }: { services: readonly MonitoredService[] }) {
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table aria-label="Watched services, the worst first" verticalSpacing={6}>
        <TableHead
          columns={[
            'Service',
            'State',
            'Since',
            { title: 'Answers in', isNumber: true },
            { title: 'Available', isNumber: true },
            'Error budget',
          ]}
        />
        <Table.Tbody>
          {services.map((service) => (
            <ServiceRow key={service.id} service={service} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ServiceRow({ service }: { service: MonitoredService }) {
  const { id, name, care, state, isPaused, isInMaintenance, since, reason, cause, latencyMs, budget, checks } = service;
  const notSent = checks.find((check) => check.notSent !== '')?.notSent ?? '';
  const percent = budget?.availability.percent ?? null;
  return (
    <Table.Tr>
      <Table.Td maw={360}>
        <Anchor component={Link} to={`/uptime/${encodeURIComponent(id)}`} size="sm" fw={600}>
          {name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {care}
        </Text>
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          {reason === '' ? notSent : reason}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          <StateBadge state={state} isPaused={isPaused} />
          {cause !== null && <CauseBadge cause={cause} />}
        </Group>
        {isInMaintenance && <Text size="xs">maintenance window open</Text>}
      </Table.Td>
      <Table.Td>{since === null ? 'not yet checked' : <TimeText time={since} />}</Table.Td>
      <Table.Td ta="right">{latencyMs === null ? '' : `${Math.round(latencyMs)} ms`}</Table.Td>
      <Table.Td ta="right">{percent === null ? '' : `${percent.toFixed(3)} %`}</Table.Td>
      <Table.Td>{budget === null ? 'no objective' : <BudgetText budget={budget} />}</Table.Td>
    </Table.Tr>
  );
}

/** What is left of the error budget, and whether it goes too fast. */
export function BudgetText({ budget }: { budget: Budget }) {
  const { leftPercent, leftMs, isMet, burning } = budget;
  const fast = burning.find(({ isFast }) => isFast);
  return (
    <>
      <Progress
        value={Math.max(0, leftPercent)}
        color={isMet ? 'cyan.8' : 'red.9'}
        size="sm"
        aria-label={`${Math.max(0, leftPercent)} percent of the error budget is left`}
      />
      <Text size="xs" c="dimmed">
        {isMet ? `${leftPercent} % left (${formatDuration(leftMs)})` : `overspent by ${formatDuration(-leftMs)}`}
      </Text>
      {fast !== undefined && (
        <Text size="xs" c="red.9" fw={600}>
          goes {fast.rate} times too fast
        </Text>
      )}
    </>
  );
}
