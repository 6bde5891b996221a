import { Anchor, Group, Table, Text } from '@mantine/core';
import type { Detection } from '@sphinx/schema';
import { Link } from 'react-router';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { formatShare } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { PacketText } from '../asset/packet-text.tsx';
import { HolderText } from '../explorer/holder-text.tsx';
import { useAddressHolders } from '../explorer/queries.ts';

/** Where more is said of what was detected: at its model, its rule, its file, or among the transfers of data. */
function reasonOf({ id, rule: { gid, sid, set }, file, model }: Detection): string {
  if (model !== undefined) return `/detections?detection=${encodeURIComponent(id)}`;
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
          {detections.map((detection) => {
            const { id, time, severity, rule, source, destination, protocol, transport, packet, model } = detection;
            return (
              <Table.Tr key={id}>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <TimeText time={time} />
                    {detection.isSample && <SampleBadge />}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <SeverityBadge severity={severity} />
                </Table.Td>
                <Table.Td>
                  <Anchor component={Link} to={reasonOf(detection)} size="sm">
                    {rule.title}
                  </Anchor>
                  {model !== undefined && <ModelText model={model} />}
                  {model === undefined && rule.category !== '' && (
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
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** How sure the model is, and what made it so most of all. */
function ModelText({ model: { name, probability, reasons } }: { model: NonNullable<Detection['model']> }) {
  return (
    <Text size="xs" c="dimmed">
      Model {name}, {formatShare(probability)}
      {reasons[0] !== undefined && `, ${reasons[0]}`}
    </Text>
  );
}
