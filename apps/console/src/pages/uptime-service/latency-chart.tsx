import { LineChart } from '@mantine/charts';
import { Text, Title } from '@mantine/core';
import type { HourCount, MonitoredService } from '../uptime/queries.ts';
import { useHours } from '../uptime/queries.ts';

const AXIS_PX = 64;
const COLORS = ['cyan.7', 'violet.7', 'orange.7', 'green.8', 'pink.7', 'gray.7'];

/** How fast its checks were answered in the last two days. The sentence below says the same for who cannot see the chart. */
export function LatencyChart({ service: { id, checks } }: { service: MonitoredService }) {
  const hours = useHours(id).data?.items ?? [];
  const answered = hours.filter(({ meanMs }) => meanMs !== null);
  if (answered.length < 2) return null;
  const series = checks
    .filter((check) => answered.some(({ checkId }) => checkId === check.id))
    .map((check, index) => ({ name: check.id, label: check.title, color: COLORS[index % COLORS.length] ?? 'cyan.7' }));
  const slowest = answered.reduce((a, b) => ((b.maximumMs ?? 0) > (a.maximumMs ?? 0) ? b : a));
  return (
    <section>
      <Title order={2} size="h4" mb={4}>
        How fast it answers
      </Title>
      <LineChart
        h={160}
        data={rowsOf(answered)}
        dataKey="hour"
        series={series}
        withLegend
        withDots={false}
        valueFormatter={(value) => `${Math.round(value)} ms`}
        yAxisProps={{ width: AXIS_PX }}
        xAxisProps={{ minTickGap: 60 }}
        lineProps={{ isAnimationActive: false }}
        lineChartProps={{ accessibilityLayer: false }}
        aria-hidden
      />
      <Text size="xs" c="dimmed">
        {`Means by the hour of the last two days; the slowest answer took ${Math.round(slowest.maximumMs ?? 0)} ms, at ${clockOf(slowest.hour)}.`}
      </Text>
    </section>
  );
}

function rowsOf(hours: readonly HourCount[]): Record<string, string | number>[] {
  const rows = new Map<number, Record<string, string | number>>();
  for (const { hour, checkId, meanMs } of hours) {
    const row = rows.get(hour) ?? { hour: clockOf(hour) };
    rows.set(hour, { ...row, [checkId]: meanMs ?? 0 });
  }
  return [...rows.values()];
}

function clockOf(hour: number): string {
  return new Date(hour).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
