import type { Migration } from '@sphinx/platform';

/** Documents about devices and models, weaknesses that the assessment found, and candidates for purchase. */
export const DOCUMENT_MIGRATION: Migration = {
  id: '003-documents',
  sql: `
    CREATE TABLE device_verification.document (
      list text NOT NULL,
      part int NOT NULL,
      kind text NOT NULL,
      source text NOT NULL,
      subject text,
      manufacturer_key text,
      model_key text,
      ips text[] NOT NULL DEFAULT '{}',
      macs text[] NOT NULL DEFAULT '{}',
      serial text,
      taken_at bigint NOT NULL,
      content jsonb NOT NULL,
      PRIMARY KEY (list, part)
    );
    CREATE INDEX document_subject ON device_verification.document (subject);
    CREATE INDEX document_model ON device_verification.document (model_key);
    CREATE INDEX document_source ON device_verification.document (source);
    CREATE TABLE device_verification.weakness (
      asset_id text NOT NULL,
      id text NOT NULL,
      weakness jsonb NOT NULL,
      PRIMARY KEY (asset_id, id)
    );
    CREATE TABLE device_verification.assessment (
      asset_id text PRIMARY KEY,
      assessed_at bigint NOT NULL
    );
    CREATE TABLE device_verification.candidate (
      sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      id text NOT NULL UNIQUE,
      manufacturer_key text NOT NULL,
      model_key text NOT NULL,
      candidate jsonb NOT NULL
    );
    ALTER TABLE device_verification.verification ADD COLUMN is_candidate boolean NOT NULL DEFAULT false;`,
};
