import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { formatBytes, formatCount } from '../../components/format.ts';
import { ShareCell } from '../../components/share-cell.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { Section } from '../asset/section.tsx';
import type { ProtocolShare } from './queries.ts';

const SHOWN = 12;

/** Which protocols, found by content and not by port. */
export function ProtocolsSection({ protocols }: { protocols: readonly ProtocolShare[] }) {
  const total = protocols.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Section title="Protocols">
      <Table.ScrollContainer minWidth={420}>
        <Table aria-label="Traffic by protocol, most bytes first" verticalSpacing={4}>
          <TableHead
            columns={[
              'Protocol',
              { title: 'Share of bytes', width: '30%' },
              { title: 'Data', isNumber: true },
              { title: 'Flows', isNumber: true },
            ]}
          />
          <Table.Tbody>
            {protocols.slice(0, SHOWN).map(({ protocol, bytes, flows }) => (
              <Table.Tr key={protocol}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    to={`/explorer?view=flows&protocol=${encodeURIComponent(protocol)}`}
                    size="sm"
                  >
                    {protocol}
                  </Anchor>
                </Table.Td>
                <ShareCell part={bytes} whole={total} />
                <Table.Td ta="right">{formatBytes(bytes)}</Table.Td>
                <Table.Td ta="right">{formatCount(flows)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {protocols.length > SHOWN && (
        <Text size="sm" c="dimmed">
          and {protocols.length - SHOWN} more with less
        </Text>
      )}
    </Section>
  );
}
