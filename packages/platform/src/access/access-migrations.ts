import type { Migration } from '../state-store/state-store.ts';

export const ACCESS_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-access',
    sql: `
      CREATE SCHEMA IF NOT EXISTS access;
      CREATE TABLE access.user_account (
        id text PRIMARY KEY,
        username text NOT NULL UNIQUE,
        name text NOT NULL,
        role text NOT NULL,
        password_hash text NOT NULL,
        is_disabled boolean NOT NULL DEFAULT false,
        created_at bigint NOT NULL,
        last_sign_in_at bigint
      );
      CREATE TABLE access.session (
        digest text PRIMARY KEY,
        user_id text NOT NULL REFERENCES access.user_account (id) ON DELETE CASCADE,
        created_at bigint NOT NULL,
        last_seen_at bigint NOT NULL
      );
      CREATE TABLE access.token (
        id text PRIMARY KEY,
        digest text NOT NULL UNIQUE,
        user_id text NOT NULL REFERENCES access.user_account (id) ON DELETE CASCADE,
        name text NOT NULL,
        permissions jsonb NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint,
        last_used_at bigint
      );`,
  },
  {
    id: '002-makers',
    sql: `ALTER TABLE access.user_account ADD COLUMN makers jsonb NOT NULL DEFAULT '[]';`,
  },
];
