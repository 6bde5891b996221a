import { Group, Text, Title, Tooltip } from '@mantine/core';
import { formatDuration } from '../../components/format.ts';
import { formatTime } from '../../components/time-text.tsx';
import { type Span, useHistory } from '../uptime/queries.ts';
import { STATES } from '../uptime/state-badge.tsx';

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 7;
const COLORS: Readonly<Record<Span['state'], string>> = {
  up: 'var(--mantine-color-green-8)',
  degraded: 'var(--mantine-color-yellow-4)',
  down: 'var(--mantine-color-red-8)',
  unknown: 'var(--mantine-color-gray-4)',
};
/** Down stands higher than degraded: the colour does not tell alone. */
const HEIGHTS: Readonly<Record<Span['state'], string>> = { up: '35%', degraded: '70%', down: '100%', unknown: '15%' };

/** The states of the last days as a bar; the table below says the same in words. */
export function TimeLine({ id }: { id: string }) {
  const spans = useHistory(id).data?.items ?? [];
  const now = Date.now();
  const from = now - SHOWN_DAYS * DAY_MS;
  const shown = spans
    .map((span) => ({ ...span, begin: Math.max(span.from, from), end: span.until ?? now }))
    .filter(({ begin, end }) => end > from && end > begin)
    .toSorted((a, b) => a.begin - b.begin);
  if (shown.length === 0) return null;
  const share = (time: number) => `${(100 * (time - from)) / (now - from)}%`;
  return (
    <section>
      <Title order={2} size="h4" mb={4}>
        The last {SHOWN_DAYS} days
      </Title>
      <div
        aria-hidden
        style={{ position: 'relative', height: 36, background: 'var(--mantine-color-default-hover)', borderRadius: 4 }}
      >
        {shown.map(({ id: key, state, begin, end }) => (
          <Tooltip
            key={key}
            label={`${STATES[state].title} from ${formatTime(begin)} for ${formatDuration(end - begin)}`}
          >
            <div
              style={{
                position: 'absolute',
                bottom: 0,
                left: share(begin),
                width: `max(2px, ${(100 * (end - begin)) / (now - from)}%)`,
                height: HEIGHTS[state],
                background: COLORS[state],
              }}
            />
          </Tooltip>
        ))}
      </div>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {formatTime(from)}
        </Text>
        <Text size="xs" c="dimmed">
          low: up, higher: degraded, full: down
        </Text>
        <Text size="xs" c="dimmed">
          now
        </Text>
      </Group>
    </section>
  );
}
