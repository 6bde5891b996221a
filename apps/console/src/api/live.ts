import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { apiUrl } from './request.ts';

/** Topics of the stream are the first words of query keys: what changed is asked again. */
const TOPICS = [
  'assets',
  'verifications',
  'certificates',
  'traffic',
  'sources',
  'sensors',
  'services',
  'jobs',
  'audit',
  'settings',
];
/** A capture that is being read changes things many times a second; a person reads slower. */
const REFRESH_INTERVAL_MS = 1000;

export type LiveState = 'connecting' | 'live' | 'interrupted';

/** Keeps everything on the screen up to date. @returns whether it is */
export function useLiveUpdates(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    const stream = new EventSource(apiUrl('/stream'));
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      for (const topic of changed) {
        // What is being asked gets its answer first: changes that come faster than answers must not starve the page.
        if (client.isFetching({ queryKey: [topic] }) > 0) continue;
        changed.delete(topic);
        void client.invalidateQueries({ queryKey: [topic] });
      }
      if (changed.size > 0) timer = setTimeout(refresh, REFRESH_INTERVAL_MS);
    };
    for (const topic of TOPICS) {
      stream.addEventListener(topic, () => {
        changed.add(topic);
        timer ??= setTimeout(refresh, REFRESH_INTERVAL_MS);
      });
    }
    let wasInterrupted = false;
    stream.onopen = () => {
      setState('live');
      // What happened while the line was down went unheard.
      if (wasInterrupted) void client.invalidateQueries();
      wasInterrupted = false;
    };
    stream.onerror = () => {
      wasInterrupted = true;
      setState('interrupted');
    };
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [client]);
  return state;
}
