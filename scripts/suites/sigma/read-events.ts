import { readFileSync } from 'node:fs';
import { type EvtxSummary, isEvtx, readEvtx, readWindowsJson, windowsFields } from '@sphinx/logs';
import type { SigmaEvent } from '@sphinx/rules';

/** @returns events of an EVTX file or of JSON: one event, a list, one on each line, or one after another */
export function readEvents(path: string): { readonly events: readonly SigmaEvent[]; readonly evtx?: EvtxSummary } {
  const bytes = readFileSync(path);
  if (isEvtx(bytes) || path.endsWith('.evtx')) {
    const events: SigmaEvent[] = [];
    const records = readEvtx(bytes);
    let step = records.next();
    for (; step.done !== true; step = records.next()) events.push(windowsFields(step.value.event));
    return { events, evtx: step.value };
  }
  return { events: parseJson(bytes.toString('utf8')).map(toEvent) };
}

function parseJson(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    // Lines of JSON, or objects over several lines one after another.
    const parts = text.split(/\r?\n(?=\{)/).filter((part) => part.trim() !== '');
    return parts.map((part): unknown => JSON.parse(part));
  }
}

function toEvent(value: unknown): SigmaEvent {
  const windows = readWindowsJson(value);
  return windows === undefined ? (value as SigmaEvent) : windowsFields(windows);
}
