import type { Migration } from '@sphinx/platform';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-care-map',
    sql: `
      CREATE SCHEMA IF NOT EXISTS risk_assessment;
      CREATE TABLE risk_assessment.asset (asset text PRIMARY KEY, card jsonb NOT NULL);
      CREATE TABLE risk_assessment.care_edit (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        edit jsonb NOT NULL,
        note text NOT NULL,
        made_by text NOT NULL,
        made_at bigint NOT NULL,
        undone_by text,
        undone_at bigint
      );`,
  },
  {
    id: '002-risk',
    sql: `
      CREATE TABLE risk_assessment.signal (
        asset text NOT NULL,
        key text NOT NULL,
        time bigint NOT NULL,
        signal jsonb NOT NULL,
        PRIMARY KEY (asset, key)
      );
      CREATE TABLE risk_assessment.weakness (asset text PRIMARY KEY, weaknesses jsonb NOT NULL);
      CREATE TABLE risk_assessment.fault (asset text PRIMARY KEY, faults jsonb NOT NULL);
      CREATE TABLE risk_assessment.incident (id text PRIMARY KEY, incident jsonb NOT NULL);
      CREATE TABLE risk_assessment.control (
        control text PRIMARY KEY,
        state text,
        note text NOT NULL,
        made_by text NOT NULL,
        made_at bigint NOT NULL
      );`,
  },
  {
    id: '003-told',
    sql: `
      CREATE TABLE risk_assessment.told (id text PRIMARY KEY, figures jsonb NOT NULL);
      CREATE TABLE risk_assessment.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact text NOT NULL
      );`,
  },
];
