import type { Migration } from '@sphinx/platform';

/** Documents of a run: an identity column keeps the order in which they came. */
function documentTable(name: string): string {
  return `
      CREATE TABLE response_recovery.${name} (
        id text PRIMARY KEY,
        place bigint GENERATED ALWAYS AS IDENTITY,
        run_id text NOT NULL,
        state text NOT NULL,
        document jsonb NOT NULL
      );
      CREATE INDEX ${name}_run ON response_recovery.${name} (run_id, place);
      CREATE INDEX ${name}_state ON response_recovery.${name} (state);`;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-run',
    sql: `
      CREATE SCHEMA IF NOT EXISTS response_recovery;
      CREATE TABLE response_recovery.device (id text PRIMARY KEY, device jsonb NOT NULL);
      CREATE TABLE response_recovery.incident (id text PRIMARY KEY, number int NOT NULL, incident jsonb NOT NULL);
      CREATE TABLE response_recovery.actuator (id text PRIMARY KEY, actuator jsonb NOT NULL);
      CREATE TABLE response_recovery.run (
        number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        state text NOT NULL,
        document jsonb NOT NULL
      );
      CREATE INDEX run_state ON response_recovery.run (state);
      CREATE TABLE response_recovery.visit (
        run_id text NOT NULL,
        path text NOT NULL,
        document jsonb NOT NULL,
        PRIMARY KEY (run_id, path)
      );
      ${documentTable('action')}
      ${documentTable('task')}
      ${documentTable('approval')}
      CREATE TABLE response_recovery.stop (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        stop jsonb NOT NULL
      );
      CREATE TABLE response_recovery.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact text NOT NULL
      );`,
  },
  {
    id: '002-downtime',
    sql: `
      CREATE TABLE response_recovery.care_area (area text PRIMARY KEY, care jsonb NOT NULL);
      CREATE TABLE response_recovery.playbook (id text PRIMARY KEY, playbook text NOT NULL);
      CREATE TABLE response_recovery.contact (id text PRIMARY KEY, contact jsonb NOT NULL);`,
  },
];
