import { Stack, Table, Text } from '@mantine/core';
import { SampleBadge } from '../../components/badges.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { SectionTitle } from '../../components/section-title.tsx';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { EncryptionBadge } from '../asset/services-section.tsx';
import { useSourceTitles } from '../sources/queries.ts';
import { FlowDetections } from './flow-detections.tsx';
import { FlowPackets } from './flow-packets.tsx';
import { lengthText } from './flows-view.tsx';
import { HolderText } from './holder-text.tsx';
import { type Flow, type TrafficRecord, useAddressHolders, useFlow, useFlowRecords } from './queries.ts';
import { detailsOf } from './record-details.ts';

/** One flow: who, when, how much, and what was said in it, without anything that tells a patient. */
export function FlowDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  return (
    <DetailDrawer title="One flow" id={id} onClose={onClose}>
      {(flow) => <FlowContent id={flow} />}
    </DetailDrawer>
  );
}

function FlowContent({ id }: { id: string }) {
  const { data: rows, error } = useFlow(id);
  const records = useFlowRecords(id);
  const flow = rows?.[0];
  if (rows === undefined) return error === null ? <LoadingState what="the flow" /> : <ErrorText error={error} />;
  if (flow === undefined)
    return <Text>It is not stored any more. Flows are kept for a time that the settings say.</Text>;
  return (
    <Stack>
      <FlowFacts flow={flow} />
      <SectionTitle>Transactions</SectionTitle>
      <ErrorText error={records.error} />
      {records.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {flow.is_encrypted
            ? 'It is encrypted: nobody on the way can read what was said.'
            : 'Nothing in it was understood as a transaction.'}
        </Text>
      )}
      {records.data !== undefined && records.data.length > 0 && <Records records={records.data} start={flow.time} />}
      <FlowDetections rows={rows} />
      <FlowPackets id={id} />
    </Stack>
  );
}

function FlowFacts({ flow }: { flow: Flow }) {
  const holders = useAddressHolders();
  const sources = useSourceTitles();
  return (
    <FactTable label="The flow">
      <Fact title="From">
        <HolderText ip={flow.src_ip} port={flow.src_port} holder={holders.get(flow.src_ip)} />
      </Fact>
      <Fact title="To">
        <HolderText ip={flow.dst_ip} port={flow.dst_port} holder={holders.get(flow.dst_ip)} />
      </Fact>
      <Fact title="Protocol">
        {flow.app_name} ({flow.transport}) <EncryptionBadge isEncrypted={flow.is_encrypted} />{' '}
        {flow.is_sample && <SampleBadge />}
      </Fact>
      <Fact title="Started">{formatTime(flow.time)}</Fact>
      <Fact title="Lasted">
        {lengthText(flow)}, {flow.state}
      </Fact>
      <Fact title="Sent">
        {formatBytes(flow.bytes_out)} in {formatCount(flow.packets_out)} packets
      </Fact>
      <Fact title="Received">
        {formatBytes(flow.bytes_in)} in {formatCount(flow.packets_in)} packets
      </Fact>
      {flow.vlan_uid !== null && <Fact title="VLAN">{flow.vlan_uid}</Fact>}
      {flow.src_mac !== null && (
        <Fact title="Network cards">
          {flow.src_mac} to {flow.dst_mac ?? 'unknown'}
        </Fact>
      )}
      <Fact title="Seen in">
        {sources.get(flow.source_id) ?? flow.source_id}, from packet {formatCount(flow.packet_number)}
      </Fact>
    </FactTable>
  );
}

function Records({ records, start }: { records: readonly TrafficRecord[]; start: number }) {
  return (
    <Table aria-label="Transactions of the flow, first to last" verticalSpacing={4}>
      <TableHead columns={[{ title: 'After', isNumber: true }, 'What', 'Details']} />
      <Table.Tbody>
        {records.toReversed().map((record) => (
          <Table.Tr
            key={`${record.packet_number}|${record.activity}|${record.details}`}
            style={{ verticalAlign: 'top' }}
          >
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {formatCount(record.time - start)} ms
            </Table.Td>
            <Table.Td>
              {record.app_name} {record.activity}
            </Table.Td>
            <Table.Td>
              {detailsOf(record.details).map(([name, value]) => (
                <Text key={name} size="xs" style={{ overflowWrap: 'anywhere' }}>
                  {name}: {value}
                </Text>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
