import { Table, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { formatBytes } from '../../components/format.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { CautionBadge } from './probing-words.tsx';
import { useProbes } from './queries.ts';

/** What can be asked at all, and what does each question send? */
export function ProbesView() {
  const { data, error, isPending, refetch } = useProbes();
  const [search, setSearch] = useState('');
  if (isPending) return <LoadingState what="the probes" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const wanted = search.trim().toLowerCase();
  const shown = data.items.filter(({ id, title, sends }) => `${id} ${title} ${sends}`.toLowerCase().includes(wanted));
  return (
    <>
      <TextInput
        aria-label="Search probes"
        placeholder="Search probes"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={320}
        mb="xs"
      />
      <Text size="sm" role="status" mb="xs">
        {shown.length} of {data.items.length} probes
      </Text>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Probes">
          <TableHead columns={['Probe', 'What it sends', 'Care', 'Usual ports', 'At most, for one port']} />
          <Table.Tbody>
            {shown.map((probe) => (
              <Table.Tr key={probe.id}>
                <Table.Td maw={200}>
                  {probe.title}
                  <Text size="xs" c="dimmed" ff="monospace">
                    {probe.id}
                  </Text>
                </Table.Td>
                <Table.Td maw={360}>
                  <Text size="sm">{probe.sends}</Text>
                  {probe.needsPerson && <Text size="xs">Only where a person picked the login for this device.</Text>}
                </Table.Td>
                <Table.Td maw={170}>
                  <CautionBadge caution={probe.caution} />
                </Table.Td>
                <Table.Td maw={140}>{`${probe.transport} ${probe.ports.join(', ')}`}</Table.Td>
                <Table.Td>{`${probe.packets} packets, ${formatBytes(probe.bytes)}`}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
