import { Stack, Table, Text } from '@mantine/core';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useChoices } from '../asset/queries.ts';
import type { ExplorerFilter } from './explorer-filter.ts';
import { FlowDiagram } from './flow-diagram.tsx';
import { useAddressHolders, useTrafficPairs } from './queries.ts';
import { zoneServices } from './zone-services.ts';

const SHOWN_SERVICES = 12;

/** Which zones of the hospital use which services, and how much of it can be read on the way? */
export function ZonesView({ filter }: { filter: ExplorerFilter }) {
  const { data: pairs, error } = useTrafficPairs(filter);
  const holders = useAddressHolders();
  const titles = new Map(useChoices('/zones').data?.map(({ value, label }) => [value, label]));
  if (pairs === undefined) return error === null ? <LoadingState what="zones" /> : <ErrorText error={error} />;
  const titleOf = (zone: string) => titles.get(zone) ?? zone;
  const links = zoneServices(pairs, holders, SHOWN_SERVICES);
  if (links.length === 0) return <Text c="dimmed">No finished flow fits.</Text>;
  return (
    <Stack>
      <FlowDiagram
        label={`What ${new Set(links.map(({ zone }) => zone)).size} zones use. The table below holds the same in words.`}
        links={links.map(({ zone, service, bytes }) => ({ from: titleOf(zone), to: service, value: bytes }))}
      />
      <Table aria-label="Zones and the services that they use, most bytes first" verticalSpacing={4}>
        <TableHead
          columns={[
            'Zone',
            'Service',
            { title: 'Data', isNumber: true },
            { title: 'In clear text', isNumber: true },
            { title: 'Flows', isNumber: true },
          ]}
        />
        <Table.Tbody>
          {links.map(({ zone, service, bytes, flows, clearBytes }) => (
            <Table.Tr key={`${zone}|${service}`}>
              <Table.Td>{titleOf(zone)}</Table.Td>
              <Table.Td>{service}</Table.Td>
              <Table.Td ta="right">{formatBytes(bytes)}</Table.Td>
              <Table.Td ta="right">{Math.round((100 * clearBytes) / Math.max(1, bytes))} %</Table.Td>
              <Table.Td ta="right">{formatCount(flows)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
