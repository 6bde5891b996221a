import { cutPage, type Migration, type Page, type StateStore } from '@sphinx/platform';
import type { Severity } from '@sphinx/schema';
import { personsOf, type Transfer } from './transfer.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-data-protection',
    sql: `
      CREATE SCHEMA IF NOT EXISTS data_protection;
      CREATE TABLE data_protection.asset_place (
        asset text PRIMARY KEY,
        ips jsonb NOT NULL,
        kind text NOT NULL,
        zone text NOT NULL
      );
      CREATE TABLE data_protection.transfer (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        source text NOT NULL,
        sender_ip text NOT NULL,
        receiver_ip text NOT NULL,
        receiver text NOT NULL,
        receiver_place text NOT NULL,
        protocol text NOT NULL,
        rule text,
        severity text,
        persons int NOT NULL,
        bytes bigint NOT NULL,
        last_seen bigint NOT NULL,
        transfer jsonb NOT NULL
      );
      CREATE INDEX transfer_receiver ON data_protection.transfer (receiver);
      CREATE INDEX transfer_source ON data_protection.transfer (source);`,
  },
];

/** Transfers that are kept; older ones go. */
const KEPT_TRANSFERS = 50_000;
const KEEPING_STEP = 1000;

/** A transfer with what is thought of it. */
export interface JudgedTransfer extends Transfer {
  readonly senderPlace: string;
  readonly receiverPlace: string;
  /** Id of the rule that forbids it; null where none does. */
  readonly rule: string | null;
  readonly severity: Severity | null;
}

/** All that goes to one receiver. */
export interface ReceiverTotal {
  readonly receiver: string;
  readonly place: string;
  readonly transfers: number;
  readonly forbidden: number;
  readonly persons: number;
  readonly bytes: number;
  readonly senders: number;
  readonly protocols: readonly string[];
  readonly lastSeen: number;
}

export interface TransferQuery {
  readonly receiver?: string | undefined;
  readonly ip?: string | undefined;
  readonly isForbidden?: boolean | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The tables of data protection. */
export class TransferStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** The last that was told of a connection stands. */
  async save(transfer: JudgedTransfer): Promise<void> {
    const { id, source, senderIp, receiverIp, receiverPlace, protocol, rule, severity, bytes, lastSeen } = transfer;
    const [row] = await this.#state.query<{ sequence: number | string }>(
      `INSERT INTO data_protection.transfer
         (id, source, sender_ip, receiver_ip, receiver, receiver_place, protocol, rule, severity, persons, bytes, last_seen, transfer)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb)
       ON CONFLICT (id) DO UPDATE SET receiver = excluded.receiver, receiver_place = excluded.receiver_place,
         protocol = excluded.protocol, rule = excluded.rule, severity = excluded.severity, persons = excluded.persons,
         bytes = excluded.bytes, last_seen = excluded.last_seen, transfer = excluded.transfer
       RETURNING sequence`,
      [
        id,
        source,
        senderIp,
        receiverIp,
        receiverOf(transfer),
        receiverPlace,
        protocol,
        rule,
        severity,
        personsOf(transfer.counts),
        bytes,
        lastSeen,
        JSON.stringify(transfer),
      ],
    );
    const sequence = Number(row?.sequence ?? 0);
    if (sequence % KEEPING_STEP !== 0) return;
    await this.#state.query('DELETE FROM data_protection.transfer WHERE sequence <= $1', [sequence - KEPT_TRANSFERS]);
  }

  async forget(source: string): Promise<void> {
    await this.#state.query('DELETE FROM data_protection.transfer WHERE source = $1', [source]);
  }

  /** Newest first. */
  async list({ receiver, ip, isForbidden, before, limit }: TransferQuery): Promise<Page<JudgedTransfer>> {
    const rows = await this.#state.query<{ sequence: number; transfer: JudgedTransfer }>(
      `SELECT sequence, transfer FROM data_protection.transfer
       WHERE ($1::text IS NULL OR receiver = $1) AND ($2::text IS NULL OR sender_ip = $2 OR receiver_ip = $2)
         AND ($3::boolean IS NULL OR (rule IS NOT NULL) = $3) AND ($4::bigint IS NULL OR sequence < $4)
       ORDER BY sequence DESC LIMIT $5`,
      [receiver ?? null, ip ?? null, isForbidden ?? null, before ?? null, limit + 1],
    );
    const page = cutPage(rows, limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(({ transfer }) => transfer) };
  }

  /** The receivers with most that is forbidden first, then those of most persons. */
  async receivers(): Promise<readonly ReceiverTotal[]> {
    const rows = await this.#state.query<Record<keyof ReceiverTotal, string> & { protocols: string[] }>(
      `SELECT receiver, max(receiver_place) AS place, count(*) AS transfers, count(rule) AS forbidden,
         sum(persons) AS persons, sum(bytes) AS bytes, count(DISTINCT sender_ip) AS senders,
         array_agg(DISTINCT protocol ORDER BY protocol) AS protocols, max(last_seen) AS "lastSeen"
       FROM data_protection.transfer GROUP BY receiver
       ORDER BY count(rule) DESC, sum(persons) DESC, sum(bytes) DESC, receiver`,
    );
    return rows.map(({ receiver, place, protocols, ...figures }) => ({
      receiver,
      place,
      protocols,
      transfers: Number(figures.transfers),
      forbidden: Number(figures.forbidden),
      persons: Number(figures.persons),
      bytes: Number(figures.bytes),
      senders: Number(figures.senders),
      lastSeen: Number(figures.lastSeen),
    }));
  }
}

/** @returns what a person calls the receiver: the service on the internet, the name, the address */
export function receiverOf({ cloudService, receiverName, receiverIp }: Transfer): string {
  if (cloudService !== null) return cloudService;
  return receiverName === '' ? receiverIp : receiverName;
}
