import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { apiUrl } from './request.ts';

/** Topics of the stream are the first words of query keys: what changed is asked again. */
const TOPICS = [
  'assets',
  'verifications',
  'certificates',
  'candidates',
  'weaknesses',
  'feeds',
  'submissions',
  'vendor',
  'gate',
  'probes',
  'uptime',
  'software',
  'traffic',
  'files',
  'detections',
  'incidents',
  'playbooks',
  'decisions',
  'response',
  'data-transfers',
  'decoys',
  'logs',
  'anomalies',
  'care-map',
  'risk',
  'rules',
  'sources',
  'sensors',
  'services',
  'jobs',
  'audit',
  'settings',
];
/** A capture that is being read changes things many times a second; a person reads slower. */
const REFRESH_INTERVAL_MS = 1000;
/** A browser tries a refused stream no more by itself (HTML Living Standard §9.2.2). */
const RETRY_MS = 5000;

export type LiveState = 'connecting' | 'live' | 'interrupted';

/** Keeps everything on the screen up to date. @returns whether it is */
export function useLiveUpdates(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
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
    let wasInterrupted = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      const opened = new EventSource(apiUrl('/stream'));
      for (const topic of TOPICS) {
        opened.addEventListener(topic, () => {
          changed.add(topic);
          timer ??= setTimeout(refresh, REFRESH_INTERVAL_MS);
        });
      }
      opened.onopen = () => {
        setState('live');
        // What happened while the line was down went unheard.
        if (wasInterrupted) void client.invalidateQueries();
        wasInterrupted = false;
      };
      opened.onerror = () => {
        wasInterrupted = true;
        setState('interrupted');
        // The stream also ends when rights change: whoever is signed in no more is led to the way in.
        void client.invalidateQueries({ queryKey: ['session'] });
        if (opened.readyState !== EventSource.CLOSED) return;
        again = setTimeout(() => {
          stream = connect();
        }, RETRY_MS);
      };
      return opened;
    };
    let stream = connect();
    return () => {
      clearTimeout(timer);
      clearTimeout(again);
      stream.close();
    };
  }, [client]);
  return state;
}
