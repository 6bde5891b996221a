import type { Migration } from '@sphinx/platform';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-active-probing',
    sql: `
      CREATE SCHEMA IF NOT EXISTS active_probing;
      CREATE TABLE active_probing.device (asset_id text PRIMARY KEY, device jsonb NOT NULL, first_seen bigint NOT NULL);
      CREATE TABLE active_probing.run (
        id text PRIMARY KEY,
        asset_id text,
        ip text NOT NULL,
        policy text NOT NULL,
        occasion text NOT NULL,
        requested_by text NOT NULL,
        state text NOT NULL,
        reason text NOT NULL,
        probes jsonb NOT NULL,
        packets integer NOT NULL,
        bytes integer NOT NULL,
        started_at bigint NOT NULL,
        ended_at bigint
      );
      CREATE INDEX run_by_ip ON active_probing.run (ip, started_at);
      CREATE INDEX run_by_time ON active_probing.run (started_at);
      CREATE TABLE active_probing.exchange (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        run_id text NOT NULL,
        probe text NOT NULL,
        time bigint NOT NULL,
        direction text NOT NULL,
        kind text NOT NULL,
        transport text NOT NULL,
        ip text NOT NULL,
        port integer NOT NULL,
        connection integer NOT NULL,
        packets integer NOT NULL,
        bytes integer NOT NULL,
        what text NOT NULL,
        data text
      );
      CREATE INDEX exchange_by_run ON active_probing.exchange (run_id, sequence);
      CREATE INDEX exchange_by_time ON active_probing.exchange (time);
      CREATE TABLE active_probing.answer (
        ip text NOT NULL,
        probe text NOT NULL,
        source text NOT NULL,
        digest text NOT NULL,
        capture text NOT NULL,
        PRIMARY KEY (ip, probe)
      );
      CREATE TABLE active_probing.approval (id text PRIMARY KEY, approval jsonb NOT NULL, at bigint NOT NULL);
      CREATE TABLE active_probing.mark (ip text PRIMARY KEY, asset_id text, reason text NOT NULL, at bigint NOT NULL);
      CREATE TABLE active_probing.stop (
        id integer PRIMARY KEY CHECK (id = 1),
        reason text NOT NULL,
        by_whom text NOT NULL,
        at bigint NOT NULL
      );
      CREATE TABLE active_probing.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact text NOT NULL
      );`,
  },
];
