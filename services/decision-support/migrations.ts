import type { Migration } from '@sphinx/platform';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-playbook',
    sql: `
      CREATE SCHEMA IF NOT EXISTS decision_support;
      CREATE TABLE decision_support.playbook (
        id text PRIMARY KEY,
        playbook json NOT NULL,
        brought_by text NOT NULL,
        brought_at bigint NOT NULL
      );`,
  },
  {
    id: '002-decision',
    sql: `
      CREATE TABLE decision_support.incident (
        id text PRIMARY KEY,
        number int NOT NULL,
        last_seen bigint NOT NULL,
        incident jsonb NOT NULL
      );
      CREATE TABLE decision_support.asset (id text PRIMARY KEY, asset jsonb NOT NULL);
      CREATE TABLE decision_support.weakness (
        weakness text NOT NULL,
        asset_id text NOT NULL,
        asset_name text NOT NULL,
        priority double precision NOT NULL,
        sample boolean NOT NULL,
        held jsonb NOT NULL,
        PRIMARY KEY (weakness, asset_id)
      );
      CREATE INDEX weakness_asset ON decision_support.weakness (asset_id);
      CREATE TABLE decision_support.decision (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        subject text NOT NULL,
        course text NOT NULL,
        decision jsonb NOT NULL,
        outcome jsonb
      );
      CREATE INDEX decision_subject ON decision_support.decision (subject, id);
      CREATE TABLE decision_support.profile (
        version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        profile jsonb NOT NULL,
        changed_by text NOT NULL,
        changed_at bigint NOT NULL
      );`,
  },
  {
    id: '003-facts',
    sql: `
      CREATE TABLE decision_support.risk (id text PRIMARY KEY, risk jsonb NOT NULL);
      CREATE TABLE decision_support.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact text NOT NULL
      );`,
  },
  {
    id: '004-measures',
    sql: 'CREATE TABLE decision_support.measures (subject text PRIMARY KEY, evaluation jsonb NOT NULL);',
  },
];
