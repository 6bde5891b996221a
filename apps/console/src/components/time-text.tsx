import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';

const REFRESH_MS = 30_000;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long ago, with the exact time at hand. @param time milliseconds since the Unix epoch */
export function TimeText({ time }: { time: number }) {
  const now = useNow();
  const date = new Date(time);
  return (
    <Tooltip label={formatTime(time)}>
      <time dateTime={date.toISOString()} style={{ whiteSpace: 'nowrap' }}>
        {relativeTime(time, now)}
      </time>
    </Tooltip>
  );
}

export function formatTime(time: number): string {
  return new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

export function relativeTime(time: number, now: number): string {
  const difference = time - now;
  for (const [unit, length] of UNITS) {
    if (Math.abs(difference) >= length) return RELATIVE.format(Math.round(difference / length), unit);
  }
  return difference > 0 ? 'in a moment' : 'just now';
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
