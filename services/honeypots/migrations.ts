import type { Migration } from '@sphinx/platform';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-honeypots',
    sql: `
      CREATE SCHEMA IF NOT EXISTS honeypots;
      CREATE TABLE honeypots.asset_place (
        asset text PRIMARY KEY,
        ips jsonb NOT NULL,
        kind text NOT NULL,
        zone text NOT NULL
      );
      CREATE TABLE honeypots.decoy (
        id text PRIMARY KEY,
        decoy jsonb NOT NULL
      );
      CREATE TABLE honeypots.session (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        decoy text NOT NULL,
        protocol text NOT NULL,
        remote_address text NOT NULL,
        visitor text NOT NULL,
        severity text NOT NULL,
        started_at bigint NOT NULL,
        session jsonb NOT NULL,
        frames text NOT NULL
      );
      CREATE INDEX session_decoy ON honeypots.session (decoy);
      CREATE INDEX session_remote ON honeypots.session (remote_address);
      CREATE TABLE honeypots.credential (
        protocol text NOT NULL,
        user_name text NOT NULL,
        secret text NOT NULL,
        tries int NOT NULL,
        accepted int NOT NULL,
        last_seen bigint NOT NULL,
        last_source text NOT NULL,
        PRIMARY KEY (protocol, user_name, secret)
      );
      CREATE TABLE honeypots.sample (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        sha256 text NOT NULL UNIQUE,
        blob text NOT NULL,
        bytes bigint NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        rules jsonb NOT NULL,
        times int NOT NULL,
        session text NOT NULL,
        first_seen bigint NOT NULL,
        last_seen bigint NOT NULL
      );
      CREATE TABLE honeypots.alert (
        id text PRIMARY KEY,
        repeat_key text NOT NULL,
        last_seen bigint NOT NULL,
        alert jsonb NOT NULL
      );
      CREATE INDEX alert_repeat ON honeypots.alert (repeat_key, last_seen);`,
  },
  {
    id: '002-honeytokens',
    sql: `
      CREATE TABLE honeypots.token (
        id text PRIMARY KEY,
        created_at bigint NOT NULL,
        token jsonb NOT NULL
      );
      CREATE TABLE honeypots.neighbour (
        asset text PRIMARY KEY,
        neighbour jsonb NOT NULL
      );`,
  },
];
