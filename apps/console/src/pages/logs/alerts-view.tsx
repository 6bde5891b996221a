import { Anchor, Button, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SeverityBadge } from '../../components/badges.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useAlerts } from './queries.ts';

/** What rules and saved searches have raised. */
export function AlertsView() {
  const list = useAlerts();
  const alerts = list.data?.pages.flatMap((page) => page.items);
  if (alerts === undefined) {
    return list.error === null ? (
      <LoadingState what="the alerts" />
    ) : (
      <ErrorState error={list.error} onRetry={list.refetch} />
    );
  }
  if (alerts.length === 0) {
    return (
      <EmptyState
        title="No alert so far"
        description="Rules look at every event as it comes in; saved searches as often as they say."
      />
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={800}>
        <Table aria-label="Alerts, newest first" verticalSpacing={6}>
          <TableHead
            columns={['Last', 'Severity', 'What', 'About', { title: 'Events', isNumber: true }, 'ATT&CK', 'Look']}
          />
          <Table.Tbody>
            {alerts.map((alert) => (
              <Table.Tr key={alert.id}>
                <Table.Td>
                  <TimeText time={alert.endTime} />
                </Table.Td>
                <Table.Td>
                  <SeverityBadge severity={alert.severity} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{alert.message}</Text>
                </Table.Td>
                <Table.Td>
                  {alert.subjects.slice(0, 4).map(({ role, type, value }) => (
                    <Text key={`${role}${type}${value}`} size="sm">
                      {type} {value}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td ta="right">{formatCount(alert.count)}</Table.Td>
                <Table.Td>{alert.techniques.join(' ')}</Table.Td>
                <Table.Td>
                  {alert.evidence[0] !== undefined && (
                    <Anchor
                      component={Link}
                      size="sm"
                      to={`?hours=8760&query=${encodeURIComponent(queryOf(alert.evidence.map(({ id }) => id)))}`}
                      aria-label={`Events of ${alert.analytic.title}`}
                    >
                      events
                    </Anchor>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function queryOf(ids: readonly string[]): string {
  return `log_id:(${ids.slice(0, 10).join(' OR ')})`;
}
