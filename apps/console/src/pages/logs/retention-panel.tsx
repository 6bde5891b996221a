import { Anchor, Button, Group, NumberInput, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatQuantity } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { type LogRetention, useLogChange, useLogRetention } from './queries.ts';

const MOST_DAYS = 3650;

/** How long events of each kind are kept. */
export function RetentionPanel() {
  const { data } = useLogRetention();
  const mayChange = useMay('logs:write');
  if (data === undefined) return null;
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Title order={2} size="h4">
          How long
        </Title>
        <Text size="sm" c="dimmed">
          Events that are older are removed, and the segments of the archive whose lines are all older. A kind without a
          number of its own is kept as the settings of log collection say.
        </Text>
        <Table aria-label="How long logs are kept" verticalSpacing={4} maw={560}>
          <TableHead columns={['Kind', 'Kept']} />
          <Table.Tbody>
            {data.items.map((item) => (
              <Table.Tr key={item.kind}>
                <Table.Td>{item.kind}</Table.Td>
                <Table.Td>
                  {mayChange ? <DaysForm key={item.days} {...item} /> : formatQuantity(item.days, 'day')}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Paper>
  );
}

function DaysForm({ kind, days, isOwn }: LogRetention) {
  const [wanted, setWanted] = useState<number | string>(days);
  const change = useLogChange();
  const set = (value: number | null) =>
    change.mutate({ method: 'PUT', path: `/log-retention/${encodeURIComponent(kind)}`, body: { days: value } });
  return (
    <Group gap="sm">
      <NumberInput
        aria-label={`Days that ${kind} is kept`}
        size="xs"
        w={110}
        min={1}
        max={MOST_DAYS}
        allowDecimal={false}
        suffix=" days"
        value={wanted}
        onChange={setWanted}
      />
      {typeof wanted === 'number' && wanted !== days && (
        <Button size="compact-sm" loading={change.isPending} onClick={() => set(wanted)}>
          Save
        </Button>
      )}
      {isOwn && (
        <Anchor component="button" size="sm" onClick={() => set(null)}>
          As in the settings
        </Anchor>
      )}
      {change.error !== null && <ErrorText error={change.error} />}
    </Group>
  );
}
