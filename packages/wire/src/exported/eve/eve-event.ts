import { hash } from 'node:crypto';
import { latin1 } from '../../bytes/text.ts';
import type { FlowReference } from '../../sensor.ts';

/** One event in EVE JSON (Suricata user guide, "Eve JSON Format"): the members of an object. */
export type EveEvent = Readonly<Record<string, unknown>>;

/** Members of an event; those without a value are left out when it is written. */
export type EveMembers = Record<string, unknown>;

/** What an event tells beside whose it is: the object that is named like the event's type. */
export interface EveBody {
  readonly type: string;
  readonly members: EveMembers;
  /** Further objects of the event, by their names. */
  readonly beside?: EveMembers;
}

/** Whose an event is. */
export type EveFlow = Omit<FlowReference, 'id'>;

/** @returns `2024-05-01T12:00:00.123456+0000` */
export function eveTime(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}+0000`;
}

/** @returns what tells the flow from all others of a source */
export function flowKey(flow: EveFlow): string {
  const { clientIp, clientPort, serverIp, serverPort, transport, firstPacketNumber } = flow;
  return `${clientIp} ${clientPort} ${serverIp} ${serverPort} ${transport} ${firstPacketNumber}`;
}

const HEX_DIGITS_OF_52_BITS = 13;

/** @returns a number for `flow_id`: every JSON reader takes integers of 52 bits exactly */
export function flowId(key: string): number {
  return Number.parseInt(hash('sha256', key).slice(0, HEX_DIGITS_OF_52_BITS), 16);
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @returns bytes as text: as UTF-8 where they are, else every byte beyond ASCII as `\\x9f` */
export function eveText(bytes: Uint8Array): string {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return latin1(bytes).replace(/[\x80-\xff]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`);
  }
}

/** @returns the members that have a value; empty texts, lists and objects have none */
export function present(members: EveMembers): EveMembers {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
