import { useEffect, useState } from 'react';
import { apiUrl } from '../../api/request.ts';
import type { LogEvent } from './queries.ts';

/** Events on the screen that came in while one watched. */
const MOST_SHOWN = 200;

/** @returns events that fit a query as they come in, the newest first; none while it is off */
export function useTail(query: string, isOn: boolean): readonly LogEvent[] {
  const [events, setEvents] = useState<readonly LogEvent[]>([]);
  useEffect(() => {
    setEvents([]);
    if (!isOn) return;
    const stream = new EventSource(apiUrl('/logs/tail', { query }));
    stream.addEventListener('log', ({ data }: MessageEvent<string>) => {
      const row = JSON.parse(data) as Omit<LogEvent, 'fields'> & { fields: string };
      const event: LogEvent = { ...row, fields: JSON.parse(row.fields) as LogEvent['fields'] };
      setEvents((shown) => [event, ...shown].slice(0, MOST_SHOWN));
    });
    return () => stream.close();
  }, [query, isOn]);
  return events;
}
