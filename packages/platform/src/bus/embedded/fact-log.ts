import { FACTS, type Fact, FactEnvelope, type FactType } from '@sphinx/schema';
import { z } from 'zod';
import { SphinxError } from '../../errors.ts';
import type { Migration, SqlExecutor, StateStore } from '../../state-store/state-store.ts';
import type { DeadLetter, FactQuery, StoredFact } from '../bus.ts';

/** Payloads are kept as text: JSON text may hold `\u0000` from the wire, which `jsonb` refuses. */
export const BUS_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-fact-log',
    sql: `
      CREATE SCHEMA IF NOT EXISTS platform;
      CREATE TABLE platform.fact (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        type text NOT NULL,
        key text NOT NULL,
        time bigint NOT NULL,
        source text NOT NULL,
        data text NOT NULL
      );
      CREATE INDEX fact_key ON platform.fact (key, sequence);
      CREATE TABLE platform.consumer (name text PRIMARY KEY, sequence bigint NOT NULL);
      CREATE TABLE platform.dead_letter (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL,
        fact text NOT NULL,
        error text NOT NULL,
        attempts integer NOT NULL,
        time bigint NOT NULL
      );`,
  },
];

interface FactRow {
  readonly sequence: number | string;
  readonly id: string;
  readonly type: FactType;
  readonly key: string;
  readonly time: number | string;
  readonly source: string;
  readonly data: string;
}

/** @throws SphinxError SPX_INVALID_INPUT when envelope or payload is not what its type promises */
export function validateFact(fact: Fact): void {
  const envelope = FactEnvelope.safeParse(fact);
  const refused = envelope.success ? FACTS[fact.type].safeParse(fact.data).error : envelope.error;
  if (refused !== undefined) {
    throw new SphinxError('SPX_INVALID_INPUT', `A fact ${fact.type} does not fit: ${z.prettifyError(refused)}`);
  }
  // PostgreSQL has no text with NUL. The payload is JSON, where NUL is escaped; the envelope is not.
  if (`${fact.id}${fact.key}${fact.source}`.includes('\0')) {
    throw new SphinxError('SPX_INVALID_INPUT', `Id, key or source of a fact ${fact.type} contain a NUL character.`);
  }
}

/** Appends facts in their order; known ids are left out. One statement, so all or none are durable. */
export async function appendFacts(sql: SqlExecutor, facts: readonly Fact[]): Promise<void> {
  await sql.query(
    `INSERT INTO platform.fact (id, type, key, time, source, data)
     SELECT id, type, key, time, source, data
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
       WITH ORDINALITY AS fact (id, type, key, time, source, data, position)
     ORDER BY position
     ON CONFLICT (id) DO NOTHING`,
    [
      facts.map(({ id }) => id),
      facts.map(({ type }) => type),
      facts.map(({ key }) => key),
      facts.map(({ time }) => String(time)),
      facts.map(({ source }) => source),
      facts.map(({ data }) => JSON.stringify(data)),
    ],
  );
}

export async function readHead(sql: SqlExecutor): Promise<number> {
  const [row] = await sql.query<{ head: number | string | null }>('SELECT max(sequence) AS head FROM platform.fact');
  return Number(row?.head ?? 0);
}

export async function readFacts(sql: SqlExecutor, query: FactQuery): Promise<readonly StoredFact[]> {
  const isNewestFirst = query.order === 'newest-first';
  const after = query.afterSequence ?? (isNewestFirst ? Number.MAX_SAFE_INTEGER : 0);
  const rows = await sql.query<FactRow>(
    `SELECT sequence, id, type, key, time, source, data FROM platform.fact
     WHERE sequence ${isNewestFirst ? '<' : '>'} $1
       AND ($2::text[] IS NULL OR type = ANY($2::text[]))
       AND ($3::text IS NULL OR key = $3::text)
     ORDER BY sequence ${isNewestFirst ? 'DESC' : 'ASC'}
     LIMIT $4`,
    [after, query.types === undefined ? null : [...query.types], query.key ?? null, query.limit],
  );
  return rows.map(toStoredFact);
}

export async function readPosition(sql: SqlExecutor, consumer: string): Promise<number | undefined> {
  const [row] = await sql.query<{ sequence: number | string }>(
    'SELECT sequence FROM platform.consumer WHERE name = $1',
    [consumer],
  );
  return row === undefined ? undefined : Number(row.sequence);
}

export async function savePosition(sql: SqlExecutor, consumer: string, sequence: number): Promise<void> {
  await sql.query(
    `INSERT INTO platform.consumer (name, sequence) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET sequence = greatest(consumer.sequence, excluded.sequence)`,
    [consumer, sequence],
  );
}

export async function saveDeadLetter(sql: SqlExecutor, letter: DeadLetter): Promise<void> {
  await sql.query(
    'INSERT INTO platform.dead_letter (consumer, fact, error, attempts, time) VALUES ($1, $2, $3, $4, $5)',
    [letter.consumer, JSON.stringify(letter.fact), letter.error.replaceAll('\0', ''), letter.attempts, letter.time],
  );
}

export async function readDeadLetters(sql: SqlExecutor, limit: number): Promise<readonly DeadLetter[]> {
  const rows = await sql.query<{
    consumer: string;
    fact: string;
    error: string;
    attempts: number;
    time: number | string;
  }>('SELECT consumer, fact, error, attempts, time FROM platform.dead_letter ORDER BY position DESC LIMIT $1', [limit]);
  return rows.map((row) => ({ ...row, fact: JSON.parse(row.fact) as Fact, time: Number(row.time) }));
}

/** Removes facts older than a time that every consumer has passed. @returns how many */
export async function pruneFacts(state: StateStore, beforeMs: number): Promise<number> {
  const rows = await state.query<{ id: string }>(
    `DELETE FROM platform.fact
     WHERE time < $1 AND sequence <= (SELECT coalesce(min(sequence), 0) FROM platform.consumer)
     RETURNING id`,
    [beforeMs],
  );
  return rows.length;
}

function toStoredFact(row: FactRow): StoredFact {
  const { sequence, data, time, ...rest } = row;
  const fact = { ...rest, time: Number(time), data: JSON.parse(data) as unknown } as Fact;
  return { sequence: Number(sequence), fact };
}
