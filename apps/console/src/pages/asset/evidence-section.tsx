import { Button, Table, Text, TextInput } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { useState } from 'react';
import { formatCount } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { PacketText } from './packet-text.tsx';
import { Section } from './section.tsx';

const FIRST_ROWS = 20;

/** How do we know? Everything that the wire showed of this asset, each with its packet. */
export function EvidenceSection({ asset }: { asset: Asset }) {
  const [search, setSearch] = useState('');
  const [isWhole, setWhole] = useState(false);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = asset.evidence.filter(({ attribute, value }) => {
    const text = `${attribute} ${value}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const shown = isWhole ? found : found.slice(0, FIRST_ROWS);
  return (
    <Section
      title="How do we know?"
      aside={
        <TextInput
          size="xs"
          aria-label="Search the evidence"
          placeholder="Search the evidence"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      }
    >
      <Text size="sm" c="dimmed" mb="xs" role="status">
        {formatCount(found.length)} of {formatCount(asset.evidence.length)} observations
      </Text>
      <Table.ScrollContainer minWidth={800}>
        <Table aria-label="Evidence">
          <TableHead
            columns={[
              'What was seen',
              'Value',
              'Protocol and role',
              { title: 'Times', isNumber: true },
              'First packet',
            ]}
          />
          <Table.Tbody>
            {shown.map((item) => (
              <Table.Tr key={[item.attribute, item.value, item.role, item.port, item.packet.source].join('|')}>
                <Table.Td>
                  <code>{item.attribute}</code>
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{item.value}</Table.Td>
                <Table.Td>
                  {item.protocol}, as {item.role}
                  {item.port === undefined ? '' : ` on ${item.transport ?? ''}/${item.port}`}
                </Table.Td>
                <Table.Td ta="right">{formatCount(item.count)}</Table.Td>
                <Table.Td>
                  <PacketText packet={item.packet} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {found.length > shown.length && (
        <Button variant="subtle" mt="xs" onClick={() => setWhole(true)}>
          Show all {formatCount(found.length)}
        </Button>
      )}
    </Section>
  );
}
