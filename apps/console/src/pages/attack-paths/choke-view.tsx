import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useChokePoints } from './queries.ts';

/** Where can many ways be cut at once? */
export function ChokeView() {
  const { data, error, refetch } = useChokePoints();
  if (data === undefined) {
    return error === null ? <LoadingState what="the choke points" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return <EmptyState title="No choke point" description="No way to anything that matters is known." />;
  }
  return (
    <>
      <Text size="sm" mb="sm">
        What is hardened, parted or watched here counts for everything behind it.
      </Text>
      <Table.ScrollContainer minWidth={700}>
        <Table aria-label="Choke points, the weightiest first" verticalSpacing={6}>
          <TableHead
            columns={[
              'Device or network',
              { title: 'Every way to', isNumber: true },
              { title: 'The likeliest way to', isNumber: true },
              'What every way leads through it to',
              'Try',
            ]}
          />
          <Table.Tbody>
            {data.items.map((each) => (
              <Table.Tr key={each.id}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    to={
                      each.isAsset
                        ? `/risk?view=assets&asset=${encodeURIComponent(each.id)}`
                        : `/care-map?node=${encodeURIComponent(each.id)}`
                    }
                    size="sm"
                  >
                    {each.name}
                  </Anchor>
                </Table.Td>
                <Table.Td ta="right">{formatCount(each.guards)}</Table.Td>
                <Table.Td ta="right">{formatCount(each.likeliest)}</Table.Td>
                <Table.Td>{each.guarded.join('; ')}</Table.Td>
                <Table.Td>
                  {each.isAsset && (
                    <Anchor
                      component={Link}
                      to={`?view=what-if&patched=${encodeURIComponent(each.id)}`}
                      size="sm"
                      aria-label={`What if? ${each.name} were patched`}
                    >
                      What if?
                    </Anchor>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
