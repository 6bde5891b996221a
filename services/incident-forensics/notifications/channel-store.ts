import { randomUUID } from 'node:crypto';
import { cutPage, type Migration, type Page, type SqlExecutor, type StateStore } from '@sphinx/platform';
import type { Channel, ChannelSettings } from './channel.ts';
import type { Message } from './message.ts';

export const NOTIFICATION_MIGRATION: Migration = {
  id: '003-notifications',
  sql: `
    CREATE TABLE incident_forensics.channel (id text PRIMARY KEY, channel jsonb NOT NULL);
    CREATE TABLE incident_forensics.delivery (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      channel text NOT NULL,
      incident text NOT NULL,
      state text NOT NULL,
      due_at bigint NOT NULL,
      attempts int NOT NULL,
      error text NOT NULL,
      told_at bigint,
      message jsonb NOT NULL
    );
    CREATE INDEX delivery_due ON incident_forensics.delivery (state, due_at);`,
};

/** A message on its way to one channel. */
export interface Delivery {
  readonly id: string;
  readonly channel: string;
  readonly incident: string;
  readonly state: 'waiting' | 'told' | 'given-up';
  readonly dueAt: number;
  readonly attempts: number;
  /** Why the last attempt did not work; empty where it did. */
  readonly error: string;
  readonly toldAt: number | null;
  readonly message: Message;
}

interface Row {
  readonly sequence: string;
  readonly id: string;
  readonly channel: string;
  readonly incident: string;
  readonly state: Delivery['state'];
  readonly due_at: string;
  readonly attempts: number;
  readonly error: string;
  readonly told_at: string | null;
  readonly message: Message;
}

/** The tables of notifications. */
export class ChannelStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async channels(): Promise<readonly Channel[]> {
    const rows = await this.#state.query<{ channel: Channel }>(
      'SELECT channel FROM incident_forensics.channel ORDER BY id',
    );
    return rows.map(({ channel }) => channel);
  }

  async get(id: string): Promise<Channel | undefined> {
    const [row] = await this.#state.query<{ channel: Channel }>(
      'SELECT channel FROM incident_forensics.channel WHERE id = $1',
      [id],
    );
    return row?.channel;
  }

  async save(settings: ChannelSettings, id = `chn_${randomUUID()}`): Promise<Channel> {
    const channel = { ...settings, id };
    await this.#state.query(
      `INSERT INTO incident_forensics.channel (id, channel) VALUES ($1, $2::jsonb)
       ON CONFLICT (id) DO UPDATE SET channel = excluded.channel`,
      [id, JSON.stringify(channel)],
    );
    return channel;
  }

  async remove(id: string): Promise<void> {
    await this.#state.transaction(async (sql) => {
      await sql.query('DELETE FROM incident_forensics.channel WHERE id = $1', [id]);
      await sql.query("DELETE FROM incident_forensics.delivery WHERE channel = $1 AND state = 'waiting'", [id]);
    });
  }

  /** A delivery whose id is known already is none. */
  async enqueue(delivery: Pick<Delivery, 'id' | 'channel' | 'dueAt' | 'message'>, sql: SqlExecutor = this.#state) {
    await sql.query(
      `INSERT INTO incident_forensics.delivery (id, channel, incident, state, due_at, attempts, error, message)
       VALUES ($1, $2, $3, 'waiting', $4, 0, '', $5::jsonb) ON CONFLICT (id) DO NOTHING`,
      [delivery.id, delivery.channel, delivery.message.incident.id, delivery.dueAt, JSON.stringify(delivery.message)],
    );
  }

  /** Those that are due, oldest first. */
  async due(now: number, limit: number): Promise<readonly Delivery[]> {
    const rows = await this.#state.query<Row>(
      `SELECT * FROM incident_forensics.delivery WHERE state = 'waiting' AND due_at <= $1 ORDER BY sequence LIMIT $2`,
      [now, limit],
    );
    return rows.map(deliveryOf);
  }

  async settle(delivery: Delivery): Promise<void> {
    await this.#state.query(
      `UPDATE incident_forensics.delivery SET state = $2, due_at = $3, attempts = $4, error = $5, told_at = $6 WHERE id = $1`,
      [delivery.id, delivery.state, delivery.dueAt, delivery.attempts, delivery.error, delivery.toldAt],
    );
  }

  /** Newest first. */
  async list(query: { readonly before?: number | undefined; readonly limit: number }): Promise<Page<Delivery>> {
    const rows = await this.#state.query<Row>(
      `SELECT * FROM incident_forensics.delivery WHERE ($1::bigint IS NULL OR sequence < $1)
       ORDER BY sequence DESC LIMIT $2`,
      [query.before ?? null, query.limit + 1],
    );
    const page = cutPage(rows, query.limit, ({ sequence }) => String(sequence));
    return { ...page, items: page.items.map(deliveryOf) };
  }
}

function deliveryOf({ due_at, told_at, sequence: _, ...row }: Row): Delivery {
  return { ...row, dueAt: Number(due_at), toldAt: told_at === null ? null : Number(told_at) };
}
