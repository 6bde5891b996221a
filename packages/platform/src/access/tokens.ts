import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import type { Clock } from '../service/service.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { createOpaqueSecret, digestOf } from './opaque-secret.ts';
import { Permission } from './permission.ts';
import type { Account } from './sessions.ts';

const MILLISECONDS_PER_DAY = 86_400_000;
/** Makes leaked tokens easy to find for secret scanners. */
const TOKEN_PREFIX = 'sphinx_';

/** A token for programs. Its secret is shown once. */
export const ApiToken = z
  .object({
    id: z.string(),
    name: z.string(),
    userId: z.string(),
    username: z.string(),
    permissions: z.array(Permission),
    createdAt: z.int(),
    expiresAt: z.int().nullable(),
    lastUsedAt: z.int().nullable(),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof ApiToken>;

export const NewApiToken = z.object({
  name: z.string().trim().min(1).max(200),
  permissions: z.array(Permission).min(1).meta({ description: 'Scopes: at most what the role of its owner allows' }),
  expiresInDays: z.int().min(1).max(3650).nullable().default(90),
});

const SELECT_TOKENS = `
  SELECT t.id, t.name, t.user_id AS "userId", u.username, t.permissions, t.created_at AS "createdAt",
         t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt"
  FROM access.token t JOIN access.user_account u ON u.id = t.user_id`;

/** API tokens with scopes. Only a digest of the secret is kept. */
export class Tokens {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #changed: () => void;

  /** @param changed called after a token was withdrawn */
  constructor(state: StateStore, clock: Clock, changed: () => void) {
    this.#state = state;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** @param userId tokens of one user; of everybody when absent */
  async list(userId?: string): Promise<ApiToken[]> {
    const rows = await this.#state.query<ApiToken>(
      `${SELECT_TOKENS} WHERE $1::text IS NULL OR t.user_id = $1 ORDER BY t.created_at DESC`,
      [userId ?? null],
    );
    return rows.map(plain);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async get(id: string): Promise<ApiToken> {
    const [row] = await this.#state.query<ApiToken>(`${SELECT_TOKENS} WHERE t.id = $1`, [id]);
    if (row === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no token ${id}.`);
    return plain(row);
  }

  async create(userId: string, fields: z.infer<typeof NewApiToken>): Promise<{ token: ApiToken; secret: string }> {
    const secret = createOpaqueSecret(TOKEN_PREFIX);
    const id = `tok_${randomUUID()}`;
    const now = this.#clock.now();
    const expiresAt = fields.expiresInDays === null ? null : now + fields.expiresInDays * MILLISECONDS_PER_DAY;
    await this.#state.query(
      `INSERT INTO access.token (id, digest, user_id, name, permissions, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7)`,
      [id, digestOf(secret), userId, fields.name, JSON.stringify(fields.permissions), now, expiresAt],
    );
    return { token: await this.get(id), secret };
  }

  async remove(id: string): Promise<void> {
    await this.#state.query('DELETE FROM access.token WHERE id = $1', [id]);
    this.#changed();
  }

  /** @param isUse whether it is noted as used now */
  async find(secret: string, isUse: boolean): Promise<{ token: ApiToken; owner: Account } | undefined> {
    const now = this.#clock.now();
    const [row] = await this.#state.query<ApiToken & { ownerName: string } & Pick<Account, 'role' | 'makers'>>(
      `${SELECT_TOKENS.replace('SELECT', 'SELECT u.name AS "ownerName", u.role, u.makers,')}
       WHERE t.digest = $1 AND NOT u.is_disabled AND (t.expires_at IS NULL OR t.expires_at > $2)`,
      [digestOf(secret), now],
    );
    if (row === undefined) return undefined;
    if (isUse) await this.#state.query('UPDATE access.token SET last_used_at = $2 WHERE id = $1', [row.id, now]);
    const { ownerName, role, makers, ...token } = row;
    return {
      token: plain(token),
      owner: { id: token.userId, username: token.username, name: ownerName, role, makers },
    };
  }
}

function plain(token: ApiToken): ApiToken {
  return {
    ...token,
    createdAt: Number(token.createdAt),
    expiresAt: token.expiresAt === null ? null : Number(token.expiresAt),
    lastUsedAt: token.lastUsedAt === null ? null : Number(token.lastUsedAt),
  };
}
