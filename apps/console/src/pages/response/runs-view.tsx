import { Anchor, Button, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useRuns } from './queries.ts';
import { RunBadge } from './state-badge.tsx';

/** What was carried out, and what is? */
export function RunsView() {
  const { data, error, isPending, refetch } = useRuns();
  if (isPending) return <LoadingState what="the runs" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing was carried out yet"
        description="Choose what to do about an incident under Decisions, and plan it there: each step is shown with its effect before anything happens."
        action={
          <Button component={Link} to="/decisions">
            To the decisions
          </Button>
        }
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table aria-label="Runs, newest first" highlightOnHover>
        <TableHead columns={['Run', 'About', 'Playbook', 'State', 'Asked by']} />
        <Table.Tbody>
          {data.items.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <Anchor component={Link} to={`/response/${encodeURIComponent(run.name)}`}>
                  {run.name}
                </Anchor>
              </Table.Td>
              <Table.Td>
                {run.subject.name} {run.isSample && <SampleBadge />}
              </Table.Td>
              <Table.Td>{run.playbook.name}</Table.Td>
              <Table.Td>
                <RunBadge run={run} />
                {run.reason !== '' && (
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {run.reason}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                {run.askedBy.name}
                <Text size="xs" c="dimmed" component="div">
                  <TimeText time={run.plannedAt} />
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
