import { Anchor, Progress, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { formatBytes, formatCount } from '../../components/format.ts';
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
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Protocol</Table.Th>
              <Table.Th w="30%">Share of bytes</Table.Th>
              <Table.Th ta="right">Data</Table.Th>
              <Table.Th ta="right">Flows</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {protocols.slice(0, SHOWN).map(({ protocol, bytes, flows }) => {
              const percent = total === 0 ? 0 : (100 * bytes) / total;
              return (
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
                  <Table.Td>
                    <Text size="sm">{percent < 0.1 ? 'below 0.1' : percent.toFixed(1)} %</Text>
                    <Progress value={percent} size="sm" aria-hidden />
                  </Table.Td>
                  <Table.Td ta="right">{formatBytes(bytes)}</Table.Td>
                  <Table.Td ta="right">{formatCount(flows)}</Table.Td>
                </Table.Tr>
              );
            })}
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
