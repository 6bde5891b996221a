import { BarChart } from '@mantine/charts';
import { Text, Title } from '@mantine/core';
import { amountText } from './anomaly-words.ts';
import type { BaselineMeasure } from './queries.ts';

const AXIS_PX = 76;

/** What was seen hour by hour, beside what is usual. The same is said in words below, for who cannot see the chart. */
export function MeasureChart({ measure }: { measure: BaselineMeasure }) {
  const { title, unit, usual, high, limit, recent } = measure;
  const highest = Math.max(...recent.map(({ value }) => value), 0);
  const data = recent.map(({ hour, value }) => ({ hour: clockOf(hour), seen: value }));
  const lines = [
    { y: high, label: 'high', color: 'orange.8' },
    { y: limit, label: 'told from here', color: 'red.8' },
    // A line far above all that was seen would press it flat.
  ].filter(({ y }) => y > 0 && y <= highest * 2);
  return (
    <section>
      <Title order={4} size="h6">
        {title} an hour
      </Title>
      <BarChart
        h={120}
        data={data}
        dataKey="hour"
        series={[{ name: 'seen', label: 'seen', color: 'cyan.7' }]}
        referenceLines={lines}
        valueFormatter={(value) => amountText(value, unit)}
        yAxisProps={{ width: AXIS_PX }}
        xAxisProps={{ minTickGap: 60 }}
        barProps={{ isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false }}
        aria-hidden
      />
      <Text size="xs" c="dimmed">
        {usual === null ? '' : `Usually ${amountText(usual, unit)}, `}
        {`high ${amountText(high, unit)}, told from ${amountText(limit, unit)}; at most ${amountText(highest, unit)} in the last hours, ${amountText(recent.at(-1)?.value ?? 0, unit)} in the last one.`}
      </Text>
    </section>
  );
}

function clockOf(hour: number): string {
  return new Date(hour).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
