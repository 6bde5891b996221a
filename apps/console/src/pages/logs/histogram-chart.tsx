import { BarChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import { formatCount, formatDuration } from '../../components/format.ts';
import { formatTime } from '../../components/time-text.tsx';
import { type LogQuery, useHistogram } from './queries.ts';

const SERIES = [
  { name: 'informational', label: 'Informational', color: 'gray.5' },
  { name: 'low', label: 'Low', color: 'cyan.6' },
  { name: 'medium', label: 'Medium', color: 'yellow.6' },
  { name: 'high', label: 'High', color: 'orange.7' },
  { name: 'critical', label: 'Critical', color: 'red.7' },
];

/** When was it, and how grave? Steps without an event are there, so that gaps show. */
export function HistogramChart({ query }: { query: LogQuery }) {
  const { data } = useHistogram(query);
  if (data === undefined || data.total === 0) return null;
  const { from, until, bucketMs, total, buckets } = data;
  const counts = new Map(buckets.map((bucket) => [bucket.time, bucket.counts]));
  const rows: Record<string, string | number>[] = [];
  for (let time = Math.floor(from / bucketMs) * bucketMs; time < until; time += bucketMs) {
    rows.push({ time: formatTime(time), ...counts.get(time) });
  }
  const text = `${formatCount(total)} events, in steps of ${formatDuration(bucketMs)}`;
  return (
    <section aria-label="Events by time">
      <div role="img" aria-label={`${text}.`}>
        <BarChart
          h={120}
          type="stacked"
          data={rows}
          dataKey="time"
          series={SERIES}
          valueFormatter={formatCount}
          yAxisProps={{ width: 60 }}
          xAxisProps={{ minTickGap: 80 }}
          barProps={{ isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </section>
  );
}
