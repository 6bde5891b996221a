import type { Migration } from '@sphinx/platform';

export const EVIDENCE_MIGRATION: Migration = {
  id: '002-evidence',
  sql: `
    CREATE TABLE incident_forensics.evidence (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      incident text NOT NULL,
      sha256 text NOT NULL,
      item jsonb NOT NULL
    );
    CREATE INDEX evidence_incident ON incident_forensics.evidence (incident, sequence);
    CREATE TABLE incident_forensics.custody (
      incident text NOT NULL,
      sequence int NOT NULL,
      entry jsonb NOT NULL,
      PRIMARY KEY (incident, sequence)
    );
    CREATE TABLE incident_forensics.case_event (
      incident text NOT NULL,
      id text NOT NULL,
      time bigint NOT NULL,
      event jsonb NOT NULL,
      PRIMARY KEY (incident, id)
    );
    CREATE INDEX case_event_time ON incident_forensics.case_event (incident, time);
    CREATE TABLE incident_forensics.pin (incident text NOT NULL, entry text NOT NULL, PRIMARY KEY (incident, entry));`,
};
