import type { Migration } from '@sphinx/platform';
import { EVIDENCE_MIGRATION } from '../evidence/migration.ts';
import { NOTIFICATION_MIGRATION } from '../notifications/channel-store.ts';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-incident-forensics',
    sql: `
      CREATE SCHEMA IF NOT EXISTS incident_forensics;
      CREATE TABLE incident_forensics.outbox (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fact text NOT NULL);
      CREATE TABLE incident_forensics.seen (id text PRIMARY KEY, time bigint NOT NULL, count int NOT NULL, says text NOT NULL);
      CREATE INDEX seen_time ON incident_forensics.seen (time);
      CREATE TABLE incident_forensics.asset (asset text PRIMARY KEY, card jsonb NOT NULL);
      CREATE TABLE incident_forensics.verdict (asset text PRIMARY KEY, verdict text NOT NULL);
      CREATE TABLE incident_forensics.incident (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        number int UNIQUE,
        attention text NOT NULL,
        status text NOT NULL,
        severity text NOT NULL,
        owner text,
        score double precision NOT NULL,
        last_seen bigint NOT NULL,
        is_sample boolean NOT NULL,
        words text NOT NULL,
        cluster jsonb NOT NULL,
        work jsonb NOT NULL,
        view jsonb NOT NULL
      );
      CREATE INDEX incident_attention ON incident_forensics.incident (attention, status, last_seen);
      CREATE TABLE incident_forensics.signal (
        incident text NOT NULL,
        key text NOT NULL,
        first_seen bigint NOT NULL,
        last_seen bigint NOT NULL,
        count int NOT NULL,
        points double precision NOT NULL,
        source text NOT NULL,
        signal jsonb NOT NULL,
        PRIMARY KEY (incident, key)
      );
      CREATE TABLE incident_forensics.activity (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        incident text NOT NULL,
        time bigint NOT NULL,
        by text NOT NULL,
        kind text NOT NULL,
        text text NOT NULL
      );
      CREATE INDEX activity_incident ON incident_forensics.activity (incident, sequence);
      CREATE TABLE incident_forensics.checklist (
        incident text NOT NULL,
        step text NOT NULL,
        done_at bigint,
        by text NOT NULL,
        note text NOT NULL,
        PRIMARY KEY (incident, step)
      );
      CREATE TABLE incident_forensics.habit (
        analytic text NOT NULL,
        actor text NOT NULL,
        days jsonb NOT NULL,
        last_seen bigint NOT NULL,
        PRIMARY KEY (analytic, actor)
      );
      CREATE TABLE incident_forensics.contact (
        target text NOT NULL,
        actor text NOT NULL,
        last_seen bigint NOT NULL,
        PRIMARY KEY (target, actor)
      );
      CREATE TABLE incident_forensics.lesson (
        id text PRIMARY KEY,
        incident text NOT NULL,
        analytic text NOT NULL,
        actor text NOT NULL,
        time bigint NOT NULL,
        lesson jsonb NOT NULL
      );`,
  },
  EVIDENCE_MIGRATION,
  NOTIFICATION_MIGRATION,
  {
    id: '004-habits-of-profession',
    sql: 'ALTER TABLE incident_forensics.habit ADD COLUMN is_work boolean NOT NULL DEFAULT false;',
  },
  {
    id: '005-time-stamps',
    sql: `
      CREATE TABLE incident_forensics.time_stamp (
        incident text NOT NULL,
        entry int NOT NULL,
        stamp jsonb NOT NULL,
        PRIMARY KEY (incident, entry)
      );`,
  },
];
