import { Alert, CloseButton, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { whatIf } from './queries.ts';
import { DECISION_WORDS, DECISIONS } from './weakness-words.tsx';

/** What would be left if some weaknesses were fixed on every device. */
export function WhatIfPanel({ weaknesses, onClear }: { weaknesses: readonly string[]; onClear: () => void }) {
  const { data, error } = useQuery({
    queryKey: ['weaknesses', 'what-if', weaknesses],
    queryFn: () => whatIf(weaknesses),
    placeholderData: (before) => before,
  });
  return (
    <Alert
      color="cyan"
      variant="outline"
      role="status"
      title={`What if ${weaknesses.length === 1 ? weaknesses[0] : `these ${formatQuantity(weaknesses.length, 'weakness', 'weaknesses')}`} were fixed?`}
    >
      <Group justify="space-between" align="start" wrap="nowrap">
        <div style={{ flex: 1 }}>
          <ErrorText error={error} />
          {data !== undefined && (
            <>
              <Table aria-label="Open findings before and after" w="auto" verticalSpacing={4}>
                <TableHead
                  columns={['Open findings', { title: 'Now', isNumber: true }, { title: 'Then', isNumber: true }]}
                />
                <Table.Tbody>
                  <CountRow title="All" now={data.before.findings} then={data.after.findings} />
                  {DECISIONS.map((decision) => (
                    <CountRow
                      key={decision}
                      title={DECISION_WORDS[decision].title}
                      now={data.before.decisions[decision]}
                      then={data.after.decisions[decision]}
                    />
                  ))}
                  <CountRow title="Devices concerned" now={data.before.assets} then={data.after.assets} />
                </Table.Tbody>
              </Table>
              <Text size="xs" c="dimmed" mt={4}>
                Nothing is changed by looking.
              </Text>
            </>
          )}
        </div>
        <CloseButton aria-label="Choose none" onClick={onClear} />
      </Group>
    </Alert>
  );
}

function CountRow({ title, now, then }: { title: string; now: number; then: number }) {
  return (
    <Table.Tr>
      <Table.Td>{title}</Table.Td>
      <Table.Td ta="right">{formatCount(now)}</Table.Td>
      <Table.Td ta="right">
        <Text size="sm" fw={then < now ? 700 : 400}>
          {formatCount(then)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
