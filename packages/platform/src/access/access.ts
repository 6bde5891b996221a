import { timingSafeEqual } from 'node:crypto';
import { SphinxError } from '../errors.ts';
import type { Clock } from '../service/service.ts';
import type { StateStore } from '../state-store/state-store.ts';
import { ACCESS_MIGRATIONS } from './access-migrations.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { createOpaqueSecret, digestOf } from './opaque-secret.ts';
import { PERMISSIONS, ROLE_PERMISSIONS } from './permission.ts';
import type { Principal } from './principal.ts';
import { type Account, Sessions } from './sessions.ts';
import { Tokens } from './tokens.ts';
import { Users } from './users.ts';

/** `__Host-`: only over TLS, only from this host, for the whole site (RFC 6265bis §4.1.3.2). */
export const SESSION_COOKIE = '__Host-sphinx';
/** A page of another site cannot send this header without asking first (Fetch, CORS-preflight). */
export const REQUEST_HEADER = 'x-sphinx-request';

export const ANONYMOUS: Principal = { kind: 'anonymous', id: 'anonymous', name: 'Nobody', permissions: new Set() };

/** Who may do what: accounts, sessions, tokens, and the one-time link of the first administrator. */
export class Access {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly attempts: AttemptLimit;
  #firstRunSecret: string | undefined;
  readonly #localSecrets = new Map<string, Principal>();
  readonly #listeners = new Set<() => void>();

  private constructor(state: StateStore, clock: Clock, limits: () => { hours: number; idleHours: number }) {
    const changed = () => {
      for (const listener of this.#listeners) listener();
    };
    this.users = new Users(state, clock, changed);
    this.sessions = new Sessions(state, clock, limits, changed);
    this.tokens = new Tokens(state, clock, changed);
    this.attempts = new AttemptLimit(clock);
  }

  /** @param options.limits hours that a session lasts, at all and without use */
  static async open(options: {
    state: StateStore;
    clock: Clock;
    limits: () => { hours: number; idleHours: number };
  }): Promise<Access> {
    await options.state.migrate('access', ACCESS_MIGRATIONS);
    const access = new Access(options.state, options.clock, options.limits);
    if (!(await access.users.hasAny())) access.#firstRunSecret = createOpaqueSecret();
    return access;
  }

  /** Secret of the one-time link; undefined once there is an account. */
  get firstRunSecret(): string | undefined {
    return this.#firstRunSecret;
  }

  /** Uses the one-time link up. @throws SphinxError SPX_FORBIDDEN when it is wrong, SPX_CONFLICT when it was used */
  async redeemFirstRun<Result>(secret: string, work: () => Promise<Result>): Promise<Result> {
    const expected = this.#firstRunSecret;
    if (expected === undefined) {
      throw new SphinxError('SPX_CONFLICT', 'The first administrator exists already. Sign in instead.');
    }
    const isRight = timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(digestOf(expected)));
    if (!isRight) {
      throw new SphinxError(
        'SPX_FORBIDDEN',
        'This link is not the present one. Use the link that the last start of SPHINX printed.',
      );
    }
    this.#firstRunSecret = undefined;
    try {
      return await work();
    } catch (error) {
      this.#firstRunSecret = expected;
      throw error;
    }
  }

  /** A secret for the command line on this machine; it lives as long as this process. */
  issueLocalSecret(name: string): string {
    const secret = createOpaqueSecret();
    this.#localSecrets.set(digestOf(secret), {
      kind: 'system',
      id: 'local',
      name,
      role: 'administrator',
      permissions: new Set(PERMISSIONS),
    });
    return secret;
  }

  /** @param listener called after a session or token has ended, or a user was changed: rights may be others */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /**
   * @param isUse false to ask again who holds a connection that stays open: its idle time goes on
   * @throws SphinxError SPX_UNAUTHENTICATED when a token is wrong, SPX_FORBIDDEN when a change comes with a cookie but
   *   without the header that proves that the console sent it
   */
  async principalOf(request: Request, isUse = true): Promise<Principal> {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (bearer !== undefined) return this.#principalOfToken(bearer, isUse);
    const secret = sessionSecretOf(request);
    if (secret === undefined) return ANONYMOUS;
    const account = await this.sessions.find(secret, isUse);
    if (account === undefined) return ANONYMOUS;
    requireSameSite(request);
    return {
      kind: 'user',
      id: account.id,
      name: account.username,
      role: account.role,
      permissions: new Set(ROLE_PERMISSIONS[account.role]),
      ...makersOf(account),
    };
  }

  async #principalOfToken(secret: string, isUse: boolean): Promise<Principal> {
    const local = this.#localSecrets.get(digestOf(secret));
    if (local !== undefined) return local;
    const found = await this.tokens.find(secret, isUse);
    if (found === undefined) {
      throw new SphinxError('SPX_UNAUTHENTICATED', 'This token is unknown, expired or withdrawn. Make a new one.');
    }
    const { token, owner } = found;
    const allowed = new Set(ROLE_PERMISSIONS[owner.role]);
    return {
      kind: 'token',
      id: token.id,
      name: `${owner.username}/${token.name}`,
      role: owner.role,
      permissions: new Set(token.permissions.filter((permission) => allowed.has(permission))),
      ...makersOf(owner),
    };
  }
}

/** Whoever is of a maker is held to it; the list of others says nothing. */
function makersOf({ role, makers }: Account): Pick<Principal, 'makers'> {
  return role === 'vendor' ? { makers } : {};
}

/** Secret of the session that a request carries. */
export function sessionSecretOf(request: Request): string | undefined {
  const cookies = request.headers.get('cookie')?.split(/;\s*/) ?? [];
  const own = cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
  return own?.slice(SESSION_COOKIE.length + 1);
}

function requireSameSite(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.headers.get(REQUEST_HEADER) !== null) return;
  throw new SphinxError('SPX_FORBIDDEN', `A change with a session needs the header ${REQUEST_HEADER}: 1.`);
}
