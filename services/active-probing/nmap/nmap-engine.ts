import type { ProbePreview } from '../plan/plan-probes.ts';
import type { Engine } from '../run/device-run.ts';
import { isNmapInstalled, NMAP_LIMITS, type NmapRun, runNmap } from './run-nmap.ts';

/** Stands among the probes of a run, and in its record. */
export const NMAP = 'nmap';
const TITLE = 'Services as nmap knows them';

/** @returns why nmap cannot ask here, with what to do about it; undefined where it can */
export function whyNoNmap(isAllowed: boolean): string | undefined {
  if (!isAllowed) return 'nmap is switched off (setting isNmapAllowed of active-probing).';
  if (isNmapInstalled()) return undefined;
  return 'nmap is not installed on this machine. As an administrator: apt-get install nmap (Debian, Ubuntu), dnf install nmap (Fedora, Red Hat).';
}

export function nmapEngine(run: Omit<NmapRun, 'ports'>): Engine {
  return { id: NMAP, title: TITLE, ask: (ports) => runNmap({ ...run, ports }) };
}

/** @param ports of TCP, those among them that are open are asked */
export function nmapStep(ports: readonly number[]): ProbePreview['steps'][number] {
  return {
    probe: NMAP,
    title: TITLE,
    sends:
      'Has nmap ask each open port what serves there (version detection with few questions, ordinary connections, one at a time). No script, no guess at the operating system, no packets of its own making.',
    caution: 'unusual',
    ports: [],
    conditionalPorts: [...ports],
    packets: ports.length * NMAP_LIMITS.packets,
    bytes: ports.length * NMAP_LIMITS.bytes,
  };
}
