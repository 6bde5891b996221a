import { Anchor, Stack, Table } from '@mantine/core';
import { Link } from 'react-router';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { ArchivePanel } from './archive-panel.tsx';
import { useLogSources } from './queries.ts';
import { RetentionPanel } from './retention-panel.tsx';

/** Who sends, how long it is kept, and how it is archived. */
export function SourcesView() {
  return (
    <Stack>
      <SourceTable />
      <RetentionPanel />
      <ArchivePanel />
    </Stack>
  );
}

/** Who sends, and what of it was not understood or left out. */
function SourceTable() {
  const { data, error, refetch } = useLogSources();
  if (data === undefined) {
    return error === null ? <LoadingState what="the sources" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nobody sends logs so far"
        description="Set a port for syslog or GELF in the settings of log collection, or make a token with the scope logs:intake and send over HTTP."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Sources of logs" verticalSpacing={6}>
        <TableHead
          columns={[
            'Source',
            'Format',
            { title: 'Events', isNumber: true },
            { title: 'Unparsed', isNumber: true },
            { title: 'Left out', isNumber: true },
            { title: 'Cut', isNumber: true },
            'Last',
          ]}
        />
        <Table.Tbody>
          {data.items.map((source) => (
            <Table.Tr key={source.id}>
              <Table.Td>
                <Anchor component={Link} size="sm" to={queryTo(`source_id:"${source.id}"`)}>
                  {source.id}
                </Anchor>
              </Table.Td>
              <Table.Td>{source.format}</Table.Td>
              <Table.Td ta="right">{formatCount(source.events)}</Table.Td>
              <Table.Td ta="right">
                {source.unparsed === 0 ? (
                  '0'
                ) : (
                  <Anchor component={Link} size="sm" to={queryTo(`source_id:"${source.id}" is_parsed:false`)}>
                    {formatCount(source.unparsed)}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td ta="right">{formatCount(source.dropped)}</Table.Td>
              <Table.Td ta="right">{formatCount(source.truncated)}</Table.Td>
              <Table.Td>
                <TimeText time={source.lastSeen} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function queryTo(query: string): string {
  return `?hours=720&query=${encodeURIComponent(query)}`;
}
