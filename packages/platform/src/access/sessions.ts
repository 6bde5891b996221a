import type { Clock } from '../service/service.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { createOpaqueSecret, digestOf } from './opaque-secret.ts';
import type { Role } from './permission.ts';

const MILLISECONDS_PER_HOUR = 3_600_000;
/** Writing on every request would cost a commit each; idle time needs no more exactness than this. */
const TOUCH_INTERVAL_MS = 60_000;

/** The person behind a session or token. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  /** Of a vendor. */
  readonly makers: readonly string[];
}

/** Signed-in browsers. Only a digest of the session secret is kept. */
export class Sessions {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #limits: () => { hours: number; idleHours: number };
  readonly #changed: () => void;

  /** @param changed called after sessions have ended */
  constructor(
    state: StateStore,
    clock: Clock,
    limits: () => { hours: number; idleHours: number },
    changed: () => void,
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#limits = limits;
    this.#changed = changed;
  }

  /** @returns the secret that goes into the cookie */
  async open(userId: string): Promise<string> {
    const secret = createOpaqueSecret();
    const now = this.#clock.now();
    const { hours, idleHours } = this.#limits();
    await this.#state.query('DELETE FROM access.session WHERE created_at < $1 OR last_seen_at < $2', [
      now - hours * MILLISECONDS_PER_HOUR,
      now - idleHours * MILLISECONDS_PER_HOUR,
    ]);
    await this.#state.query(
      'INSERT INTO access.session (digest, user_id, created_at, last_seen_at) VALUES ($1, $2, $3, $3)',
      [digestOf(secret), userId, now],
    );
    return secret;
  }

  /** @param isUse whether its idle time begins anew */
  async find(secret: string, isUse: boolean): Promise<Account | undefined> {
    const now = this.#clock.now();
    const { hours, idleHours } = this.#limits();
    const [row] = await this.#state.query<Account & { lastSeenAt: number | string }>(
      `SELECT u.id, u.username, u.name, u.role, u.makers, s.last_seen_at AS "lastSeenAt"
       FROM access.session s JOIN access.user_account u ON u.id = s.user_id
       WHERE s.digest = $1 AND NOT u.is_disabled AND s.created_at >= $2 AND s.last_seen_at >= $3`,
      [digestOf(secret), now - hours * MILLISECONDS_PER_HOUR, now - idleHours * MILLISECONDS_PER_HOUR],
    );
    if (row === undefined) return undefined;
    if (isUse && now - Number(row.lastSeenAt) > TOUCH_INTERVAL_MS) {
      await this.#state.query('UPDATE access.session SET last_seen_at = $2 WHERE digest = $1', [digestOf(secret), now]);
    }
    return { id: row.id, username: row.username, name: row.name, role: row.role, makers: row.makers };
  }

  async close(secret: string): Promise<void> {
    await this.#state.query('DELETE FROM access.session WHERE digest = $1', [digestOf(secret)]);
    this.#changed();
  }

  /** @param exceptSecret session that goes on, for whoever changes the own password */
  async closeAllOf(userId: string, exceptSecret?: string): Promise<void> {
    await this.#state.query('DELETE FROM access.session WHERE user_id = $1 AND digest <> $2', [
      userId,
      exceptSecret === undefined ? '' : digestOf(exceptSecret),
    ]);
    this.#changed();
  }
}
