import { Table, Text, Title } from '@mantine/core';
import { formatDuration } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import type { MonitoredService } from '../uptime/queries.ts';
import { StateBadge } from '../uptime/state-badge.tsx';

/** Its checks and what each said last. */
export function CheckTable({ service: { checks, isPaused } }: { service: MonitoredService }) {
  if (checks.length === 0) return <Text size="sm">It is sent no check: its traffic alone is watched.</Text>;
  return (
    <section>
      <Title order={2} size="h4" mb={4}>
        Checks
      </Title>
      <Table.ScrollContainer minWidth={720}>
        <Table aria-label="Checks of this service" verticalSpacing={6}>
          <TableHead columns={['Check', 'State', 'Says', { title: 'Answers in', isNumber: true }, 'Last', 'Every']} />
          <Table.Tbody>
            {checks.map((check) => (
              <Table.Tr key={check.id}>
                <Table.Td>
                  {check.title}
                  <Text size="xs" c="dimmed">
                    {check.host === ''
                      ? 'told by reports'
                      : `${check.host}${check.port === 0 ? '' : `, port ${check.port}`}`}
                    {check.isEssential ? '' : ', not essential'}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StateBadge state={check.state} isPaused={isPaused} />
                  {check.isFlapping && <Text size="xs">comes and goes</Text>}
                </Table.Td>
                <Table.Td maw={360}>{check.notSent === '' ? check.message : `Not sent: ${check.notSent}`}</Table.Td>
                <Table.Td ta="right">{check.latencyMs === null ? '' : `${Math.round(check.latencyMs)} ms`}</Table.Td>
                <Table.Td>{check.lastAt === null ? 'not yet' : <TimeText time={check.lastAt} />}</Table.Td>
                <Table.Td>{formatDuration(check.intervalSeconds * 1000)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
