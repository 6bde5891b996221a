import { Anchor, Group, Table, Text } from '@mantine/core';
import type { Detection } from '@sphinx/schema';
import { Link } from 'react-router';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { PacketText } from '../asset/packet-text.tsx';
import { HolderText } from '../explorer/holder-text.tsx';
import { useAddressHolders } from '../explorer/queries.ts';

/** Where more is said of what was detected: at its rule, its file, or among the transfers of data. */
function reasonOf({ gid, sid, set }: Detection['rule'], file: Detection['file']): string {
  if (file !== undefined) return `/files?file=${file.id}`;
  return set === 'data-protection' ? '/patient-data?view=transfers&forbidden=yes' : `/rules/${gid}:${sid}`;
}

/** Detections with their rule, both ends and packet. */
export function DetectionTable({ detections }: { detections: readonly Detection[] }) {
  const holders = useAddressHolders();
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table aria-label="Detections, newest first" verticalSpacing={4}>
        <TableHead columns={['When', 'Severity', 'Rule', 'From', 'To', 'Protocol', 'Seen in']} />
        <Table.Tbody>
          {detections.map(
            ({ id, time, severity, rule, source, destination, protocol, transport, packet, file, isSample }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <TimeText time={time} />
                    {isSample && <SampleBadge />}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <SeverityBadge severity={severity} />
                </Table.Td>
                <Table.Td>
                  <Anchor component={Link} to={reasonOf(rule, file)} size="sm">
                    {rule.title}
                  </Anchor>
                  {rule.category !== '' && (
                    <Text size="xs" c="dimmed">
                      {rule.category}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <HolderText ip={source.ip} port={source.port} holder={holders.get(source.ip)} />
                </Table.Td>
                <Table.Td>
                  <HolderText ip={destination.ip} port={destination.port} holder={holders.get(destination.ip)} />
                </Table.Td>
                <Table.Td>{protocol ?? transport}</Table.Td>
                <Table.Td>
                  <PacketText packet={packet} />
                </Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
