import { BarChart } from '@mantine/charts';
import { Anchor, Button, Paper, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { formatCount, formatQuantity } from '../../components/format.ts';
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
        In {TREND_DAYS} days {formatQuantity(found, 'finding')} came and {formatCount(closed)} went.
      </Text>
      <BarChart
        h={180}
        data={everyDay(items)}
        dataKey="day"
        withLegend
        series={[
          { name: 'came', label: 'found or came back', color: 'orange.9' },
          { name: 'went', label: 'closed', color: 'teal.7' },
        ]}
        yAxisProps={{ allowDecimals: false }}
        barChartProps={{ accessibilityLayer: false, maxBarSize: 40 }}
        aria-hidden
      />
      <DayTable items={items} />
    </Paper>
  );
}

/** Days without a change are days, too. */
function everyDay(items: readonly TrendDay[]) {
  const byDay = new Map(items.map((item) => [item.day, item]));
  const last = Date.now();
  return Array.from({ length: TREND_DAYS }, (_, index) => {
    const day = new Date(last - (TREND_DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    const { found = 0, reopened = 0, closed = 0 } = byDay.get(day) ?? {};
    return { day, came: found + reopened, went: closed };
  });
}

/** The same in figures, for who reads them and for who cannot see the chart. */
function DayTable({ items }: { items: readonly TrendDay[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" mt="xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Without figures' : 'In figures'}
      </Button>
      {isOpen && (
        <Table aria-label="Found and closed, by day" w="auto" mt="xs">
          <TableHead
            columns={['Day', ...['Found', 'Came back', 'Closed'].map((title) => ({ title, isNumber: true }))]}
          />
          <Table.Tbody>
            {items.map(({ day, found, reopened, closed }) => (
              <Table.Tr key={day}>
                <Table.Td>{day}</Table.Td>
                <Table.Td ta="right">{formatCount(found)}</Table.Td>
                <Table.Td ta="right">{formatCount(reopened)}</Table.Td>
                <Table.Td ta="right">{formatCount(closed)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
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
