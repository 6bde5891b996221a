import type { Migration } from '@sphinx/platform';

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-dependability-monitoring',
    sql: `
      CREATE SCHEMA IF NOT EXISTS dependability_monitoring;
      CREATE TABLE dependability_monitoring.device (asset_id text PRIMARY KEY, device jsonb NOT NULL);
      CREATE TABLE dependability_monitoring.service (
        id text PRIMARY KEY,
        service jsonb NOT NULL,
        created_at bigint NOT NULL
      );
      CREATE TABLE dependability_monitoring.check_state (
        service text NOT NULL,
        check_id text NOT NULL,
        state jsonb NOT NULL,
        PRIMARY KEY (service, check_id)
      );
      CREATE TABLE dependability_monitoring.span (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        service text NOT NULL,
        state text NOT NULL,
        from_time bigint NOT NULL,
        until_time bigint,
        reason text NOT NULL,
        cause text,
        cause_reasons jsonb NOT NULL,
        evidence jsonb NOT NULL
      );
      CREATE INDEX span_service ON dependability_monitoring.span (service, sequence);
      CREATE TABLE dependability_monitoring.result (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        service text NOT NULL,
        check_id text NOT NULL,
        time bigint NOT NULL,
        outcome text NOT NULL,
        latency_ms double precision,
        message text NOT NULL,
        figures jsonb NOT NULL
      );
      CREATE INDEX result_service ON dependability_monitoring.result (service, sequence);
      CREATE INDEX result_time ON dependability_monitoring.result (time);
      CREATE TABLE dependability_monitoring.result_hour (
        service text NOT NULL,
        check_id text NOT NULL,
        hour bigint NOT NULL,
        good int NOT NULL,
        warnings int NOT NULL,
        failures int NOT NULL,
        answered int NOT NULL,
        fast int NOT NULL,
        latency_sum double precision NOT NULL,
        latency_max double precision NOT NULL,
        PRIMARY KEY (service, check_id, hour)
      );
      CREATE TABLE dependability_monitoring.report (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        service text NOT NULL,
        time bigint NOT NULL,
        succeeded boolean NOT NULL,
        bytes bigint,
        note text NOT NULL
      );
      CREATE INDEX report_service ON dependability_monitoring.report (service, sequence);
      CREATE TABLE dependability_monitoring.maintenance (
        id text PRIMARY KEY,
        maintenance jsonb NOT NULL,
        from_time bigint NOT NULL,
        until_time bigint NOT NULL
      );
      CREATE TABLE dependability_monitoring.outbox (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact text NOT NULL
      );`,
  },
  {
    id: '002-traffic-and-drills',
    sql: `
      CREATE TABLE dependability_monitoring.traffic_hour (
        service text NOT NULL,
        hour bigint NOT NULL,
        requests int NOT NULL,
        failures int NOT NULL,
        connections int NOT NULL,
        refused int NOT NULL,
        messages int NOT NULL,
        acknowledgements int NOT NULL,
        PRIMARY KEY (service, hour)
      );
      CREATE TABLE dependability_monitoring.drill (
        id text PRIMARY KEY,
        service text NOT NULL,
        at bigint NOT NULL,
        drill jsonb NOT NULL
      );
      CREATE INDEX drill_service ON dependability_monitoring.drill (service, at);`,
  },
];
