import { Group, Table, Text } from '@mantine/core';
import { SeverityBadge } from '../../components/badges.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { ExploitedBadge } from '../weaknesses/weakness-words.tsx';
import { useVendorWeaknesses } from './queries.ts';

/** Which published weaknesses do our devices here have? */
export function WeaknessesView() {
  const { data, error, isPending, refetch } = useVendorWeaknesses();
  if (isPending) return <LoadingState what="the weaknesses" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="No known weakness"
        description="Nothing that is published fits what is known of these devices. A list of their software (SBOM) makes the comparison sharper."
      />
    );
  }
  return (
    <>
      <Text size="sm" mb="sm">
        Where a weakness is not in the device, send a VEX document. The hospital sees it as your claim and decides.
      </Text>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Weaknesses, the most severe first" highlightOnHover>
          <TableHead
            columns={['Weakness', 'Model', 'Where', 'Severity', 'Known', { title: 'Devices', isNumber: true }]}
          />
          <Table.Tbody>
            {data.items.map((item) => (
              <Table.Tr key={item.id}>
                <Table.Td maw={320}>
                  <Text size="sm" fw={600}>
                    {item.weakness}
                  </Text>
                  <Text size="sm" lineClamp={2}>
                    {item.title}
                  </Text>
                </Table.Td>
                <Table.Td>{item.model}</Table.Td>
                <Table.Td maw={280}>
                  {item.component}
                  <Text size="xs" c="dimmed">
                    {item.presence === 'affected' ? item.because : `possibly affected: ${item.because}`}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <SeverityBadge severity={item.severity} />
                    {item.baseScore !== null && <Text size="sm">{item.baseScore.toFixed(1)}</Text>}
                  </Group>
                </Table.Td>
                <Table.Td>
                  {item.isKnownExploited && <ExploitedBadge />}
                  <Text size="xs">{item.hasFix ? 'a fix is published' : 'no fix is known'}</Text>
                </Table.Td>
                <Table.Td ta="right">{formatCount(item.devices)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
