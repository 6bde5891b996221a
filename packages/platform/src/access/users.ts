import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { SphinxError } from '../errors.ts';
import type { Clock } from '../service/service.ts';
import type { SqlExecutor, StateStore } from '../state-store/state-store.ts';
import { hashPassword, isPasswordOf, requireGoodPassword } from './password.ts';
import { Role } from './permission.ts';

/** A person who may sign in. */
export const User = z
  .object({
    id: z.string(),
    username: z.string(),
    name: z.string(),
    role: Role,
    makers: z.array(z.string()).meta({ description: 'Makers whose devices a vendor may see; empty for other roles' }),
    isDisabled: z.boolean(),
    createdAt: z.int(),
    lastSignInAt: z.int().nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const Username = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{1,63}$/, 'Use 2 to 64 lower-case letters, digits, dots, dashes or underscores.');
/** Names of makers as the inventory has them; case, spaces and punctuation do not count. */
const Makers = z.array(z.string().trim().min(1).max(200)).max(50);
export const NewUser = z.object({
  username: Username,
  name: z.string().trim().min(1).max(200),
  role: Role,
  makers: Makers.default([]).meta({ description: 'Of the role vendor: at least one. Of others: none' }),
  password: z.string().max(1024),
});
export const UserChange = z
  .object({
    name: z.string().trim().min(1).max(200).optional(),
    role: Role.optional(),
    makers: Makers.optional(),
    isDisabled: z.boolean().optional(),
    password: z.string().max(1024).optional(),
  })
  .strict();

const COLUMNS =
  'id, username, name, role, makers, is_disabled AS "isDisabled", created_at AS "createdAt", last_sign_in_at AS "lastSignInAt"';

/** Accounts of people. There is always an administrator once there was one. */
export class Users {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #changed: () => void;

  /** @param changed called after a user was changed or removed */
  constructor(state: StateStore, clock: Clock, changed: () => void) {
    this.#state = state;
    this.#clock = clock;
    this.#changed = changed;
  }

  async list(): Promise<User[]> {
    return (await this.#state.query<User>(`SELECT ${COLUMNS} FROM access.user_account ORDER BY username`)).map(plain);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async get(id: string): Promise<User> {
    return getUser(this.#state, id);
  }

  async hasAny(): Promise<boolean> {
    const rows = await this.#state.query('SELECT 1 FROM access.user_account LIMIT 1');
    return rows.length > 0;
  }

  /** @throws SphinxError SPX_CONFLICT when the user name is taken, SPX_INVALID_INPUT when the password is too weak */
  async add(fields: z.input<typeof NewUser>): Promise<User> {
    const { makers = [] } = fields;
    requireMakersThatFit(fields.role, makers);
    requireGoodPassword(fields.password, fields.username);
    const passwordHash = await hashPassword(fields.password);
    const id = `usr_${randomUUID()}`;
    const rows = await this.#state.query<User>(
      `INSERT INTO access.user_account (id, username, name, role, makers, password_hash, created_at)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7) ON CONFLICT (username) DO NOTHING RETURNING ${COLUMNS}`,
      [id, fields.username, fields.name, fields.role, JSON.stringify(makers), passwordHash, this.#clock.now()],
    );
    const [added] = rows;
    if (added === undefined) {
      throw new SphinxError('SPX_CONFLICT', `The user name "${fields.username}" is taken. Choose another one.`);
    }
    return plain(added);
  }

  /**
   * A change of password, role, makers or a lock ends the sessions of that user. Whoever is no vendor any more is of no maker.
   *
   * @throws SphinxError SPX_NOT_FOUND, SPX_CONFLICT when no administrator would be left, SPX_INVALID_INPUT when the password is
   *   too weak or makers do not go with the role
   */
  async change(id: string, change: z.infer<typeof UserChange>): Promise<User> {
    const { username, role: formerRole, makers: formerMakers } = await this.get(id);
    const role = change.role ?? formerRole;
    const makers = change.makers ?? (role === 'vendor' ? formerMakers : []);
    requireMakersThatFit(role, makers);
    if (change.password !== undefined) requireGoodPassword(change.password, username);
    const passwordHash = change.password === undefined ? null : await hashPassword(change.password);
    const user = await this.#state.transaction(async (sql) => {
      await sql.query(
        `UPDATE access.user_account SET name = coalesce($2, name), role = coalesce($3, role),
           is_disabled = coalesce($4, is_disabled), password_hash = coalesce($5, password_hash), makers = $6::jsonb
         WHERE id = $1`,
        [id, change.name ?? null, change.role ?? null, change.isDisabled ?? null, passwordHash, JSON.stringify(makers)],
      );
      await requireAdministrator(sql);
      const isOtherwiseAllowed = change.role !== undefined || change.makers !== undefined;
      if (passwordHash !== null || isOtherwiseAllowed || change.isDisabled === true) {
        await sql.query('DELETE FROM access.session WHERE user_id = $1', [id]);
      }
      return getUser(sql, id);
    });
    this.#changed();
    return user;
  }

  async remove(id: string): Promise<void> {
    await this.get(id);
    await this.#state.transaction(async (sql) => {
      await sql.query('DELETE FROM access.user_account WHERE id = $1', [id]);
      await requireAdministrator(sql);
    });
    this.#changed();
  }

  /** @returns the user when name and password fit and the account is not locked */
  async authenticate(username: string, password: string): Promise<User | undefined> {
    const [row] = await this.#state.query<User & { passwordHash: string }>(
      `SELECT ${COLUMNS}, password_hash AS "passwordHash" FROM access.user_account WHERE username = $1`,
      [username.toLowerCase()],
    );
    // An unknown name must take as long as a wrong password, or names could be found out by the time.
    const isRight = await isPasswordOf(password, row?.passwordHash ?? (await unknownUserHash()));
    if (row === undefined || !isRight || row.isDisabled) return undefined;
    const { passwordHash: _passwordHash, ...user } = row;
    return plain(user);
  }

  async recordSignIn(id: string): Promise<void> {
    await this.#state.query('UPDATE access.user_account SET last_sign_in_at = $2 WHERE id = $1', [
      id,
      this.#clock.now(),
    ]);
  }
}

let unknownUser: Promise<string> | undefined;
function unknownUserHash(): Promise<string> {
  unknownUser ??= hashPassword('nobody has this password');
  return unknownUser;
}

async function getUser(sql: SqlExecutor, id: string): Promise<User> {
  const [user] = await sql.query<User>(`SELECT ${COLUMNS} FROM access.user_account WHERE id = $1`, [id]);
  if (user === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no user ${id}.`);
  return plain(user);
}

/** A vendor without a maker would see nothing; a person of the house with one would be held to it nowhere. */
function requireMakersThatFit(role: Role, makers: readonly string[]): void {
  if (role === 'vendor' && makers.length === 0) {
    throw new SphinxError('SPX_INVALID_INPUT', 'A vendor needs at least one maker whose devices it may see.');
  }
  if (role !== 'vendor' && makers.length > 0) {
    throw new SphinxError('SPX_INVALID_INPUT', 'Makers go with the role vendor only. Leave them out.');
  }
}

async function requireAdministrator(sql: SqlExecutor): Promise<void> {
  const rows = await sql.query(
    "SELECT 1 FROM access.user_account WHERE role = 'administrator' AND NOT is_disabled LIMIT 1",
  );
  if (rows.length > 0) return;
  throw new SphinxError(
    'SPX_CONFLICT',
    'This would leave no administrator who can sign in. Make somebody else an administrator first.',
  );
}

/** Numbers of the type bigint may come as text, depending on the state store. */
function plain(user: User): User {
  return {
    ...user,
    createdAt: Number(user.createdAt),
    lastSignInAt: user.lastSignInAt === null ? null : Number(user.lastSignInAt),
  };
}
