import { Anchor, Badge, Group, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { formatBytes, formatCount } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import type { DataReceiver } from './queries.ts';
import { placeWords } from './words.ts';

/** Who gets data, those first that get what is forbidden. */
export function ReceiverTable({ receivers }: { receivers: readonly DataReceiver[] }) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Receivers of data of patients" verticalSpacing={6}>
        <TableHead
          columns={[
            'Receiver',
            'Where',
            { title: 'Forbidden', isNumber: true },
            { title: 'Transfers', isNumber: true },
            { title: 'Persons', isNumber: true },
            { title: 'Sent', isNumber: true },
            { title: 'Senders', isNumber: true },
            'Over',
            'Last',
          ]}
        />
        <Table.Tbody>
          {receivers.map((each) => (
            <Table.Tr key={each.receiver}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Anchor component={Link} to={`?view=transfers&receiver=${encodeURIComponent(each.receiver)}`} size="sm">
                  {each.title}
                </Anchor>
              </Table.Td>
              <Table.Td>{placeWords(each.place)}</Table.Td>
              <Table.Td ta="right">
                {each.forbidden === 0 ? (
                  <Text size="sm" c="dimmed">
                    none
                  </Text>
                ) : (
                  <Badge color="red" variant="filled">
                    {formatCount(each.forbidden)}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td ta="right">{formatCount(each.transfers)}</Table.Td>
              <Table.Td ta="right">{each.persons === 0 ? 'unknown' : formatCount(each.persons)}</Table.Td>
              <Table.Td ta="right">{formatBytes(each.bytes)}</Table.Td>
              <Table.Td ta="right">{formatCount(each.senders)}</Table.Td>
              <Table.Td>
                <Group gap={4}>{each.protocols.join(', ')}</Group>
              </Table.Td>
              <Table.Td>
                <TimeText time={each.lastSeen} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
