import { Button, Group, Select, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { downloadCsv } from '../../components/csv.ts';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { Section } from '../asset/section.tsx';
import { useRejected } from '../rules/queries.ts';

/** Rules that were not loaded: each with its reason, never left out in silence. */
export function RejectedSection(props: {
  id: string;
  rejected: number;
  reasons: readonly { readonly reason: string; readonly count: number }[];
}) {
  const { id, rejected, reasons } = props;
  const [search, setSearch] = useState('');
  const [reason, setReason] = useState<string | null>(null);
  const list = useRejected(id, { search: search === '' ? undefined : search, reason: reason ?? undefined });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (rejected === 0) {
    return (
      <Section title="Rejected rules">
        <Text size="sm">Every rule was loaded as it was published.</Text>
      </Section>
    );
  }
  return (
    <Section title="Rejected rules">
      <Group align="end" role="search" aria-label="Rejected rules" mb="sm">
        <DelayedTextInput
          label="Search"
          placeholder="words of the reason, file or number"
          w={260}
          value={search}
          onChange={setSearch}
        />
        <Select
          label="Reason"
          placeholder="every reason"
          w={420}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': 'Every reason' }}
          data={reasons.map((each) => ({ value: each.reason, label: `${each.reason} (${formatCount(each.count)})` }))}
          value={reason}
          onChange={setReason}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() =>
            downloadCsv(
              'rejected-rules.csv',
              ['File', 'Line', 'Number', 'Reason'],
              items.map(({ file, line, sid, reason: why }) => [file, line, sid, why]),
            )
          }
        >
          CSV
        </Button>
      </Group>
      <Text size="sm" role="status" mb="xs">
        {formatQuantity(rejected, 'rule')} rejected for {formatQuantity(reasons.length, 'reason')}
      </Text>
      <ErrorText error={list.error} />
      {items.length === 0 && !list.isPending && <Text c="dimmed">No rejected rule fits.</Text>}
      {items.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table aria-label="Rejected rules" verticalSpacing={4}>
            <TableHead columns={['Where', 'Number', 'Rejected because']} />
            <Table.Tbody>
              {items.map(({ file, line, sid, reason: why }) => (
                <Table.Tr key={`${file}:${line}`}>
                  <Table.Td>
                    {file}, line {line}
                  </Table.Td>
                  <Table.Td>{sid ?? 'none'}</Table.Td>
                  <Table.Td>{why}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Section>
  );
}
