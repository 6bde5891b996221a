import type { ObservedRecord } from '@sphinx/wire';
import type { EveEvent } from './filter.ts';

/** Types of EVE events that records are mapped to. */
export const RECORD_TYPES: ReadonlySet<string> = new Set([]);

/** @returns the record as EVE JSON has it; nothing where Suricata has no such event */
export function eveRecords(_record: ObservedRecord): readonly EveEvent[] {
  return [];
}
