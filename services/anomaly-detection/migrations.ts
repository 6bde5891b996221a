import type { Migration } from '@sphinx/platform';

/** Tables of anomalies, of what is usual, and of places of assets. */
export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-anomaly-detection',
    sql: `
      CREATE SCHEMA IF NOT EXISTS anomaly_detection;
      CREATE TABLE anomaly_detection.anomaly (
        id text PRIMARY KEY,
        sequence bigserial NOT NULL,
        detector text NOT NULL,
        severity text NOT NULL,
        actor text NOT NULL,
        asset text,
        source text NOT NULL,
        verdict text,
        last_seen float8 NOT NULL,
        anomaly jsonb NOT NULL
      );
      CREATE INDEX ON anomaly_detection.anomaly (sequence);
      CREATE INDEX ON anomaly_detection.anomaly (actor);
      CREATE INDEX ON anomaly_detection.anomaly (asset);
      CREATE TABLE anomaly_detection.baseline (
        scope text NOT NULL,
        key text NOT NULL,
        kind text NOT NULL,
        baseline jsonb NOT NULL,
        PRIMARY KEY (scope, key)
      );
      CREATE TABLE anomaly_detection.notes (name text PRIMARY KEY, notes jsonb NOT NULL);
      CREATE TABLE anomaly_detection.asset_place (
        asset text PRIMARY KEY, ips jsonb NOT NULL, kind text NOT NULL, zone text NOT NULL
      );
    `,
  },
  {
    id: '002-asset-names',
    sql: 'CREATE TABLE anomaly_detection.asset_name (asset text PRIMARY KEY, name text NOT NULL);',
  },
];
