import { BarChart } from '@mantine/charts';
import { Anchor, Paper, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type TrendDay, useChanges, useTrend, type WeaknessChange } from './queries.ts';

const DAY_MS = 86_400_000;
const TREND_DAYS = 30;
const SINCE = [
  { value: '1', label: 'Since yesterday' },
  { value: '7', label: 'A week' },
  { value: '30', label: 'A month' },
];

const KINDS: Readonly<Record<WeaknessChange['kind'], string>> = {
  found: 'found',
  closed: 'closed: new evidence shows that it is gone',
  reopened: 'came back',
  changed: 'became more or less urgent',
};

/** What came, what went. */
export function ChangesView() {
  const [days, setDays] = useState('1');
  // Of the moment in which the page was opened: a time that moves would ask again and again.
  const [openedAt] = useState(Date.now);
  const { data, error, refetch } = useChanges(openedAt - Number(days) * DAY_MS);
  const trend = useTrend(TREND_DAYS).data?.items ?? [];
  return (
    <Stack>
      {trend.length > 0 && <TrendChart items={trend} />}
      <SegmentedControl
        value={days}
        onChange={setDays}
        data={SINCE}
        aria-label="Since when"
        style={{ alignSelf: 'start' }}
      />
      {data === undefined ? (
        error === null ? (
          <LoadingState what="the changes" />
        ) : (
          <ErrorState error={error} onRetry={refetch} />
        )
      ) : data.items.length === 0 ? (
        <Text c="dimmed">Nothing changed in this time.</Text>
      ) : (
        <ChangeTable items={data.items} />
      )}
      {data !== undefined && data.nextCursor !== null && <Text size="sm">Only the latest 200 changes are shown.</Text>}
    </Stack>
  );
}

export function TrendChart({ items }: { items: readonly TrendDay[] }) {
  const found = items.reduce((sum, day) => sum + day.found + day.reopened, 0);
  const closed = items.reduce((sum, day) => sum + day.closed, 0);
  return (
    <Paper component="section">
      <Title order={2} size="h4">
        Found and closed, by day
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        In {TREND_DAYS} days {found} findings came and {closed} went.
      </Text>
      <BarChart
        h={180}
        data={items.map(({ day, found: came, reopened, closed: went }) => ({ day, came: came + reopened, went }))}
        dataKey="day"
        withLegend
        series={[
          { name: 'came', label: 'found or came back', color: 'orange.9' },
          { name: 'went', label: 'closed', color: 'teal.7' },
        ]}
        barChartProps={{ accessibilityLayer: false }}
        aria-hidden
      />
    </Paper>
  );
}

function ChangeTable({ items }: { items: readonly WeaknessChange[] }) {
  return (
    <Table aria-label="Changes, newest first" highlightOnHover>
      <TableHead columns={['When', 'Device', 'What', 'Weaknesses']} />
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={`${item.time} ${item.assetId} ${item.kind}`}>
            <Table.Td>
              <TimeText time={item.time} />
            </Table.Td>
            <Table.Td>
              <Anchor component={Link} to={`/assets/${encodeURIComponent(item.assetId)}`} size="sm">
                {item.assetName}
              </Anchor>
            </Table.Td>
            <Table.Td>{KINDS[item.kind]}</Table.Td>
            <Table.Td maw={420} style={{ overflowWrap: 'anywhere' }}>
              <WeaknessLinks ids={item.weaknesses} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const MOST_LINKS = 12;

function WeaknessLinks({ ids }: { ids: readonly string[] }) {
  return (
    <Text size="sm">
      {ids.slice(0, MOST_LINKS).map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Anchor component={Link} to={`/weaknesses/${encodeURIComponent(id)}`} size="sm">
            {id}
          </Anchor>
        </span>
      ))}
      {ids.length > MOST_LINKS && ` and ${ids.length - MOST_LINKS} more`}
    </Text>
  );
}
