import { BarChart } from '@mantine/charts';
import { RangeSlider, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount, formatDuration } from '../../components/format.ts';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import type { ExplorerFilter } from './explorer-filter.ts';
import { type Timeline, useTimeline } from './queries.ts';

const AXIS_PX = 80;

/** When was it? The two handles of the brush choose the time that everything else on the page is about. */
export function TimelineSection(props: { filter: ExplorerFilter; onChange: (part: Partial<ExplorerFilter>) => void }) {
  const { data: timeline, error } = useTimeline(props.filter);
  return (
    <Section title="When">
      <ErrorText error={error} />
      {timeline !== undefined && timeline.items.length === 0 && (
        <Text size="sm" c="dimmed">
          No finished flow fits. Long ones appear while they last.
        </Text>
      )}
      {timeline !== undefined && timeline.items.length > 0 && <Brush timeline={timeline} {...props} />}
    </Section>
  );
}

function Brush(props: {
  timeline: Timeline;
  filter: ExplorerFilter;
  onChange: (part: Partial<ExplorerFilter>) => void;
}) {
  const { timeline, filter, onChange } = props;
  const { items, bucketMs } = timeline;
  const chosen = chosenBuckets(timeline, filter);
  const [range, setRange] = useState(chosen);
  const [first, last] = chosen;
  useEffect(() => setRange([first, last]), [first, last]);
  const choose = ([start, end]: [number, number]) => {
    const isAll = start === 0 && end === items.length - 1;
    const from = items[start]?.time ?? null;
    onChange(isAll ? { from: null, until: null } : { from, until: (items[end]?.time ?? 0) + bucketMs });
  };
  const data = items.map(({ time, bytes, flows }, index) => {
    const isInside = index >= range[0] && index <= range[1];
    return { time: clockOf(time, bucketMs), inside: isInside ? bytes : 0, outside: isInside ? 0 : bytes, flows };
  });
  const total = items.slice(range[0], range[1] + 1);
  const text = `${formatBytes(total.reduce((sum, { bytes }) => sum + bytes, 0))} in ${formatCount(
    total.reduce((sum, { flows }) => sum + flows, 0),
  )} flows`;
  const labelOf = (index: number) => formatTime((items[index]?.time ?? 0) + (index === range[1] ? bucketMs : 0));
  return (
    <>
      <div role="img" aria-label={`Bytes by time. In the chosen time: ${text}.`}>
        <BarChart
          h={150}
          type="stacked"
          data={data}
          dataKey="time"
          series={[
            { name: 'inside', label: 'Chosen time', color: 'cyan.7' },
            { name: 'outside', label: 'Outside of it', color: 'gray.5' },
          ]}
          valueFormatter={formatBytes}
          yAxisProps={{ width: AXIS_PX }}
          xAxisProps={{ minTickGap: 60 }}
          barProps={{ isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
        />
      </div>
      <RangeSlider
        ml={AXIS_PX}
        mt="xs"
        min={0}
        max={Math.max(1, items.length - 1)}
        minRange={0}
        value={range}
        onChange={setRange}
        onChangeEnd={choose}
        label={labelOf}
        thumbFromLabel="Begin of the chosen time"
        thumbToLabel="End of the chosen time"
        disabled={items.length < 2}
      />
      <Text size="sm" c="dimmed" mt="xs">
        {text}, in steps of {formatDuration(bucketMs)}, by the clock of the captures. Drag the handles, or move them by
        arrow keys.
      </Text>
    </>
  );
}

function chosenBuckets({ items, bucketMs }: Timeline, { from, until }: ExplorerFilter): [number, number] {
  const inside = (time: number) => (from === null || time + bucketMs > from) && (until === null || time < until);
  const first = items.findIndex(({ time }) => inside(time));
  const last = items.findLastIndex(({ time }) => inside(time));
  return first === -1 ? [0, items.length - 1] : [first, last];
}

const DAY_MS = 86_400_000;

function clockOf(time: number, bucketMs: number): string {
  const date = new Date(time);
  return bucketMs >= DAY_MS
    ? date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    : date.toLocaleTimeString('en-GB', bucketMs < 60_000 ? {} : { hour: '2-digit', minute: '2-digit' });
}
