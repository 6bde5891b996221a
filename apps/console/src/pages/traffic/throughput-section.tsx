import { AreaChart } from '@mantine/charts';
import { Group, ScrollArea, SegmentedControl, Table, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBitRate, formatCount } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { Section } from '../asset/section.tsx';
import { useThroughput } from './queries.ts';
import { joinSeconds, type RateBucket } from './rates.ts';

const SPANS = [
  { value: '60', label: '1 min', secondsPerBucket: 1 },
  { value: '300', label: '5 min', secondsPerBucket: 5 },
  { value: '599', label: '10 min', secondsPerBucket: 10 },
] as const;

/** How much per second, as a chart and as a table. */
export function ThroughputSection({ isLive }: { isLive: boolean }) {
  const [span, setSpan] = useState<string>('60');
  const [view, setView] = useState('chart');
  const chosen = SPANS.find(({ value }) => value === span) ?? SPANS[0];
  const { data = [], error } = useThroughput(Number(chosen.value), isLive);
  const buckets = useMemo(() => joinSeconds(data, chosen.secondsPerBucket), [data, chosen]);
  return (
    <Section
      title="Throughput"
      aside={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="Time span"
            value={span}
            onChange={setSpan}
            data={SPANS.map(({ value, label }) => ({ value, label }))}
          />
          <SegmentedControl
            size="xs"
            aria-label="How to show the throughput"
            value={view}
            onChange={setView}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </Group>
      }
    >
      <ErrorText error={error} />
      {view === 'chart' ? <ThroughputChart buckets={buckets} /> : <ThroughputTable buckets={buckets} />}
      <Text size="xs" c="dimmed" mt={4}>
        By the clock of this reading, in spans of {chosen.secondsPerBucket} s
        {isLive ? '' : '. Nothing is being read now'}.
      </Text>
    </Section>
  );
}

function ThroughputChart({ buckets }: { buckets: readonly RateBucket[] }) {
  const peak = Math.max(0, ...buckets.map(({ bitsPerSecond }) => bitsPerSecond));
  const last = buckets.at(-1)?.bitsPerSecond ?? 0;
  const data = buckets.map((bucket) => ({ ...bucket, clock: clockOf(bucket.time) }));
  return (
    <div
      role="img"
      aria-label={`Throughput, now ${formatBitRate(last)}, highest ${formatBitRate(peak)}. The table view holds every value.`}
    >
      <AreaChart
        h={220}
        data={data}
        dataKey="clock"
        series={[{ name: 'bitsPerSecond', label: 'Throughput', color: 'cyan.7' }]}
        curveType="monotone"
        withDots={false}
        valueFormatter={formatBitRate}
        yAxisProps={{ width: 90 }}
        xAxisProps={{ minTickGap: 40 }}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{ accessibilityLayer: false }}
      />
    </div>
  );
}

function ThroughputTable({ buckets }: { buckets: readonly RateBucket[] }) {
  return (
    <ScrollArea.Autosize mah={240} viewportProps={{ tabIndex: 0, 'aria-label': 'Throughput by time' }}>
      <Table stickyHeader aria-label="Throughput by time, newest first" verticalSpacing={4}>
        <TableHead
          columns={['Time', { title: 'Throughput', isNumber: true }, { title: 'Packets/s', isNumber: true }]}
        />
        <Table.Tbody>
          {[...buckets].reverse().map((bucket) => (
            <Table.Tr key={bucket.time}>
              <Table.Td>{clockOf(bucket.time)}</Table.Td>
              <Table.Td ta="right">{formatBitRate(bucket.bitsPerSecond)}</Table.Td>
              <Table.Td ta="right">{formatCount(Math.round(bucket.packetsPerSecond))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}

function clockOf(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB');
}
