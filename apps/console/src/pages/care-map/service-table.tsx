import { Button, Group, Table, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { downloadCsv } from '../../components/csv.ts';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { areaWords, bedsWords, safetyWords } from './care-words.tsx';
import { NodeLink } from './node-link.tsx';
import type { CareService } from './queries.ts';

/** Every clinical service in its care areas. */
export function ServiceTable({ services }: { services: readonly CareService[] }) {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const search = parameters.get('search') ?? '';
  const words = search.trim().toLowerCase();
  const shown = services.filter(({ name, applications }) =>
    `${name} ${applications.join(' ')}`.toLowerCase().includes(words),
  );
  return (
    <>
      <Group mb="sm" justify="space-between" align="end">
        <TextInput
          label="Search"
          placeholder="Service, care area or application"
          value={search}
          onChange={({ currentTarget }) => set('search', currentTarget.value === '' ? null : currentTarget.value)}
          w={320}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => downloadServices(shown)}
        >
          CSV
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Clinical services and their care areas" verticalSpacing={6}>
          <TableHead
            columns={[
              'Clinical service',
              'Care area',
              'For patients',
              { title: 'Beds', isNumber: true },
              { title: 'Devices', isNumber: true },
              'Works with',
            ]}
          />
          <Table.Tbody>
            {shown.map((each) => (
              <Table.Tr key={each.id}>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <NodeLink node={{ id: each.id, name: each.title }} />
                    {each.isSample && <SampleBadge />}
                  </Group>
                  <Text size="xs" c="dimmed">
                    {each.description}
                  </Text>
                </Table.Td>
                <Table.Td>{areaWords(each.area)}</Table.Td>
                <Table.Td>{safetyWords(each.safety)}</Table.Td>
                <Table.Td ta="right">{bedsWords(each.beds, each.bedsOrigin)}</Table.Td>
                <Table.Td ta="right">{formatCount(each.devices)}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{each.applications.join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed" role="status">
        {formatQuantity(shown.length, 'clinical service')}
      </Text>
    </>
  );
}

function downloadServices(services: readonly CareService[]): void {
  downloadCsv(
    'care-map.csv',
    ['Clinical service', 'Care area', 'Class', 'Beds', 'Beds known by', 'Devices', 'Works with'],
    services.map((each) => [
      each.title,
      each.area,
      each.safety,
      each.beds,
      each.bedsOrigin,
      each.devices,
      each.applications.join('; '),
    ]),
  );
}
