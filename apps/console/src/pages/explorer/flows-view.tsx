import { Button, Group, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { SampleBadge } from '../../components/badges.tsx';
import { downloadCsv } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { EncryptionBadge } from '../asset/services-section.tsx';
import type { ExplorerFilter } from './explorer-filter.ts';
import { HolderText } from './holder-text.tsx';
import { type AddressHolder, type Flow, useAddressHolders, useFlows } from './queries.ts';

/** Single conversations, newest first; each opens to its transactions. */
export function FlowsView({ filter }: { filter: ExplorerFilter }) {
  const list = useFlows(filter);
  const holders = useAddressHolders();
  if (list.data === undefined) {
    return list.error === null ? <LoadingState what="the flows" /> : <ErrorText error={list.error} />;
  }
  const flows = list.data.pages.flatMap((page) => page.items);
  if (flows.length === 0) return <Text c="dimmed">No finished flow fits. Long ones appear while they last.</Text>;
  return (
    <>
      <Group justify="flex-end">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => exportFlows(flows)}
        >
          CSV
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={960}>
        <Table aria-label="Flows, newest first" verticalSpacing={4}>
          <TableHead
            columns={[
              'Started',
              'From',
              'To',
              'Protocol',
              'Encryption',
              'State',
              { title: 'Sent', isNumber: true },
              { title: 'Received', isNumber: true },
              { title: 'Lasted', isNumber: true },
            ]}
          />
          <Table.Tbody>
            {flows.map((flow) => (
              <FlowRow key={`${flow.flow_id}|${flow.time}|${flow.end_time}`} flow={flow} holders={holders} />
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

function FlowRow({ flow, holders }: { flow: Flow; holders: ReadonlyMap<string, AddressHolder> }) {
  const [parameters] = useSearchParams();
  const opened = new URLSearchParams(parameters);
  opened.set('flow', flow.flow_id);
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <TimeText time={flow.time} />
          {flow.is_sample && <SampleBadge />}
        </Group>
      </Table.Td>
      <Table.Td>
        <HolderText ip={flow.src_ip} port={flow.src_port} holder={holders.get(flow.src_ip)} />
      </Table.Td>
      <Table.Td>
        <HolderText ip={flow.dst_ip} port={flow.dst_port} holder={holders.get(flow.dst_ip)} />
      </Table.Td>
      <Table.Td>
        <Button
          component={Link}
          to={`?${opened}`}
          variant="default"
          size="compact-sm"
          aria-label={`${flow.app_name} (${flow.transport}): open this flow`}
        >
          {flow.app_name} ({flow.transport})
        </Button>
      </Table.Td>
      <Table.Td>
        <EncryptionBadge isEncrypted={flow.is_encrypted} />
      </Table.Td>
      <Table.Td>{flow.state}</Table.Td>
      <Table.Td ta="right">{formatBytes(flow.bytes_out)}</Table.Td>
      <Table.Td ta="right">{formatBytes(flow.bytes_in)}</Table.Td>
      <Table.Td ta="right">{lengthText(flow)}</Table.Td>
    </Table.Tr>
  );
}

export function lengthText({ time, end_time: end }: Flow): string {
  const milliseconds = end - time;
  return milliseconds < 1000 ? `${milliseconds} ms` : `${formatCount(milliseconds / 1000)} s`;
}

function exportFlows(flows: readonly Flow[]): void {
  downloadCsv(
    'flows.csv',
    [
      ...['Started', 'Ended', 'From', 'From port', 'To', 'To port', 'Transport', 'Protocol', 'Encrypted', 'State'],
      ...['Bytes sent', 'Bytes received', 'Packets sent', 'Packets received'],
    ],
    flows.map((flow) => [
      new Date(flow.time).toISOString(),
      new Date(flow.end_time).toISOString(),
      flow.src_ip,
      flow.src_port,
      flow.dst_ip,
      flow.dst_port,
      flow.transport,
      flow.app_name,
      String(flow.is_encrypted),
      flow.state,
      flow.bytes_out,
      flow.bytes_in,
      flow.packets_out,
      flow.packets_in,
    ]),
  );
}
