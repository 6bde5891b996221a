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
  {
    id: '004-register',
    sql: `
      CREATE TABLE risk_assessment.register (id text PRIMARY KEY, entry jsonb NOT NULL);
      CREATE TABLE risk_assessment.register_event (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL,
        entry jsonb NOT NULL,
        change text NOT NULL,
        made_by text NOT NULL,
        made_at bigint NOT NULL
      );
      CREATE INDEX register_event_of ON risk_assessment.register_event (id, sequence);
      CREATE TABLE risk_assessment.appetite (
        version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        appetite jsonb NOT NULL,
        stated_by text NOT NULL,
        stated_at bigint NOT NULL
      );
      CREATE TABLE risk_assessment.dismissal (key text PRIMARY KEY, dismissal jsonb NOT NULL);`,
  },
  {
    id: '005-forecast',
    sql: `
      CREATE TABLE risk_assessment.observed (
        subject text NOT NULL,
        day bigint NOT NULL,
        sum double precision NOT NULL,
        count int NOT NULL,
        PRIMARY KEY (subject, day)
      );
      CREATE TABLE risk_assessment.forecast (
        subject text NOT NULL,
        made_on bigint NOT NULL,
        days int NOT NULL,
        forecast jsonb NOT NULL,
        actual double precision,
        score jsonb,
        PRIMARY KEY (subject, made_on, days)
      );`,
  },
  {
    id: '006-told-care',
    sql: 'CREATE TABLE risk_assessment.told_care (area text PRIMARY KEY, digest text NOT NULL);',
  },
];
