import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { NodeLink } from './node-link.tsx';
import { useCriticalNodes } from './queries.ts';

/** Which single servers and networks would hit care most if they were gone? */
export function CriticalView() {
  const { data, error, refetch } = useCriticalNodes();
  if (data === undefined) {
    return error === null ? <LoadingState what="what care hangs on" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="No clinical service hangs on a single server or network, as far as was seen"
        description="Dependencies show as soon as devices of care are seen talking to servers."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Servers and networks that care hangs on, the gravest first" verticalSpacing={6}>
        <TableHead
          columns={[
            'What',
            { title: 'Services hit', isNumber: true },
            { title: 'of these stopped', isNumber: true },
            { title: 'Life-sustaining', isNumber: true },
            { title: 'Beds', isNumber: true },
            'The gravest',
          ]}
        />
        <Table.Tbody>
          {data.items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>
                <NodeLink node={each} />
                <Text size="xs">
                  <Anchor
                    component={Link}
                    to={`?view=outage&stop=${encodeURIComponent(each.id)}`}
                    size="xs"
                    aria-label={`What stops? Without ${each.name}`}
                  >
                    What stops?
                  </Anchor>
                </Text>
              </Table.Td>
              <Table.Td ta="right">{formatCount(each.services)}</Table.Td>
              <Table.Td ta="right">{formatCount(each.stops)}</Table.Td>
              <Table.Td ta="right">{formatCount(each.lifeSustaining)}</Table.Td>
              <Table.Td ta="right">{formatCount(each.beds)}</Table.Td>
              <Table.Td>{each.hit.join('; ')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
