import type { Migration } from '@sphinx/platform';

/** Tables of rule sets, lists, tunings, use, places of assets and detections. */
export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-intrusion-detection',
    sql: `
      CREATE SCHEMA IF NOT EXISTS intrusion_detection;
      CREATE TABLE intrusion_detection.rule_set (
        id text PRIMARY KEY,
        rule_set jsonb NOT NULL,
        public_key text,
        files jsonb NOT NULL,
        rejected jsonb NOT NULL
      );
      CREATE TABLE intrusion_detection.tuning (rule text PRIMARY KEY, tuning jsonb NOT NULL);
      CREATE TABLE intrusion_detection.usage (
        rule text PRIMARY KEY,
        hits bigint NOT NULL,
        last_hit bigint,
        looks bigint NOT NULL,
        milliseconds float8 NOT NULL
      );
      CREATE TABLE intrusion_detection.detection (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        source text NOT NULL,
        rule text NOT NULL,
        severity text NOT NULL,
        source_ip text NOT NULL,
        destination_ip text NOT NULL,
        detection jsonb NOT NULL
      );
      CREATE INDEX detection_source ON intrusion_detection.detection (source);
      CREATE INDEX detection_rule ON intrusion_detection.detection (rule, sequence);
    `,
  },
  {
    id: '002-rule-management',
    sql: `
      ALTER TABLE intrusion_detection.rule_set ADD COLUMN previous jsonb;
      ALTER TABLE intrusion_detection.rule_set DROP COLUMN rejected;
      UPDATE intrusion_detection.rule_set SET rule_set = (rule_set - 'isSigned') || jsonb_build_object(
        'check', CASE WHEN public_key IS NULL THEN 'none' ELSE 'signature' END, 'digest', '', 'checkedAt', NULL,
        'updateHours', NULL, 'isReviewed', false, 'waiting', NULL, 'lastChange', NULL, 'previousAt', NULL);
      UPDATE intrusion_detection.tuning SET tuning = (tuning - 'quietFor') || jsonb_build_object('adjustments',
        CASE WHEN jsonb_array_length(tuning->'quietFor') = 0 THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
          'scope', jsonb_build_object('addresses', tuning->'quietFor', 'kinds', '[]'::jsonb, 'zones', '[]'::jsonb,
                                      'end', 'either'),
          'action', 'quiet', 'severity', NULL, 'limit', NULL)) END);
      CREATE TABLE intrusion_detection.value_list (name text PRIMARY KEY, list jsonb NOT NULL);
      CREATE TABLE intrusion_detection.asset_place (
        asset text PRIMARY KEY,
        ips jsonb NOT NULL,
        kind text NOT NULL,
        zone text NOT NULL
      );
      CREATE INDEX detection_ends ON intrusion_detection.detection (source_ip, destination_ip);
    `,
  },
  {
    id: '003-model-feedback',
    sql: `
      CREATE TABLE intrusion_detection.model_feedback (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        detection text NOT NULL UNIQUE,
        feedback jsonb NOT NULL
      );
      CREATE TABLE intrusion_detection.model_training_data (
        is_kept boolean PRIMARY KEY CHECK (is_kept),
        about jsonb NOT NULL,
        content text NOT NULL
      );
      CREATE TABLE intrusion_detection.retrained_model (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        base text NOT NULL,
        state text NOT NULL CHECK (state IN ('candidate', 'running', 'previous')),
        about jsonb NOT NULL,
        content text NOT NULL,
        UNIQUE (base, state)
      );
    `,
  },
];
