import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import {
  type CertificateAuthority,
  type Clock,
  createAuthority,
  createKeyPair,
  issueCertificate,
  type Migration,
  type Secrets,
  SphinxError,
  type StateStore,
} from '@sphinx/platform';
import { deterministicId } from '@sphinx/schema';
import { z } from 'zod';
import { fingerprintOf } from './enrolment.ts';
import { SensorStatus } from './messages.ts';

const TOKEN_BYTES = 24;
const TOKEN_LIFE_MS = 3_600_000;
const CERTIFICATE_DAYS = 365;
const RENEW_BEFORE_MS = 60 * 86_400_000;

export const REMOTE_MIGRATIONS: readonly Migration[] = [
  {
    id: '002-remote-sensor',
    sql: `
      CREATE TABLE traffic_monitoring.enrolment (
        token_hash text PRIMARY KEY,
        name text NOT NULL,
        expires_at bigint NOT NULL
      );
      CREATE TABLE traffic_monitoring.remote_sensor (
        id text PRIMARY KEY,
        name text NOT NULL,
        fingerprint text NOT NULL,
        enrolled_at bigint NOT NULL,
        last_seen_at bigint,
        status jsonb,
        spool text NOT NULL DEFAULT '',
        accepted bigint NOT NULL DEFAULT 0,
        applying bigint NOT NULL DEFAULT 0
      );`,
  },
];

/** A sensor at a branch, as the centre knows it. */
export const RemoteSensorView = z
  .object({
    id: z.string(),
    name: z.string(),
    isConnected: z.boolean(),
    enrolledAt: z.int(),
    lastSeenAt: z.int().nullable(),
    acceptedBatches: z.int().meta({ description: 'Number of the last batch that is safe here' }),
    status: SensorStatus.nullable().meta({ description: 'As the sensor last told it' }),
  })
  .meta({ id: 'RemoteSensor' });
export type RemoteSensorView = z.infer<typeof RemoteSensorView>;

/** How far the batches of a sensor are. */
export interface SensorProgressRecord {
  readonly spool: string;
  readonly accepted: number;
  /** Begun and perhaps not ended, when it is above `accepted`. */
  readonly applying: number;
}

/** Which sensors may send, how they got in, and how far they are. */
export class SensorRegistry {
  readonly #state: StateStore;
  readonly #secrets: Secrets;
  readonly #clock: Clock;
  readonly connected = new Set<string>();
  #authority: Promise<CertificateAuthority> | undefined;

  constructor(dependencies: { state: StateStore; secrets: Secrets; clock: Clock }) {
    this.#state = dependencies.state;
    this.#secrets = dependencies.secrets;
    this.#clock = dependencies.clock;
  }

  /** @returns whether anybody may come: without a sensor and without an open enrolment no port is opened */
  async isWanted(): Promise<boolean> {
    const [row] = await this.#state.query<{ wanted: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM traffic_monitoring.remote_sensor)
           OR EXISTS (SELECT 1 FROM traffic_monitoring.enrolment WHERE expires_at > $1) AS wanted`,
      [this.#clock.now()],
    );
    return row?.wanted === true;
  }

  /** The authority of this installation, made at first use. */
  authority(): Promise<CertificateAuthority> {
    this.#authority ??= this.#loadAuthority();
    return this.#authority;
  }

  /** @returns certificate and key of the gateway, made anew at every start */
  async serverCertificate(): Promise<{ certificate: string; privateKey: string }> {
    const authority = await this.authority();
    const { publicKey, privateKey } = createKeyPair();
    const options = { name: 'SPHINX sensor gateway', usage: 'server', days: CERTIFICATE_DAYS } as const;
    const certificate = await issueCertificate(authority, { ...options, publicKey, nowMs: this.#clock.now() });
    return { certificate: certificate + authority.certificate, privateKey };
  }

  /** @returns a token that lets one sensor in, once, within the hour */
  async createEnrolment(name: string): Promise<{ token: string; expiresAt: number }> {
    const secret = randomBytes(TOKEN_BYTES).toString('base64url');
    const expiresAt = this.#clock.now() + TOKEN_LIFE_MS;
    await this.#state.query('DELETE FROM traffic_monitoring.enrolment WHERE expires_at <= $1', [this.#clock.now()]);
    await this.#state.query(
      'INSERT INTO traffic_monitoring.enrolment (token_hash, name, expires_at) VALUES ($1, $2, $3)',
      [hashOf(secret), name, expiresAt],
    );
    const { raw } = new X509Certificate((await this.authority()).certificate);
    return { token: `${secret}.${fingerprintOf(raw)}`, expiresAt };
  }

  /** @throws SphinxError SPX_FORBIDDEN for a token that is unknown, used or too old */
  async enrol(token: string, publicKey: string): Promise<{ sensor: string; name: string; certificate: string }> {
    const [row] = await this.#state.query<{ name: string }>(
      'DELETE FROM traffic_monitoring.enrolment WHERE token_hash = $1 AND expires_at > $2 RETURNING name',
      [hashOf(token.split('.')[0] ?? ''), this.#clock.now()],
    );
    if (row === undefined) {
      throw new SphinxError('SPX_FORBIDDEN', 'This token is unknown, was used or is too old. Make a new one.');
    }
    const sensor = deterministicId('sen', hashOf(token));
    const certificate = await this.#certify(sensor, publicKey);
    await this.#state.query(
      `INSERT INTO traffic_monitoring.remote_sensor (id, name, fingerprint, enrolled_at) VALUES ($1, $2, $3, $4)`,
      [sensor, row.name, fingerprintOf(new X509Certificate(certificate).raw), this.#clock.now()],
    );
    return { sensor, name: row.name, certificate };
  }

  /** @param certificate DER, signed by the authority. @returns whose it is; undefined when it was taken back */
  async identify(certificate: Uint8Array): Promise<{ id: string; name: string } | undefined> {
    const [row] = await this.#state.query<{ id: string; name: string }>(
      'SELECT id, name FROM traffic_monitoring.remote_sensor WHERE fingerprint = $1',
      [fingerprintOf(certificate)],
    );
    return row;
  }

  /** @returns a newer certificate for the same key, once the old one is about to run out */
  async renew(id: string, certificate: Uint8Array): Promise<string | undefined> {
    const { publicKey, validToDate } = new X509Certificate(certificate);
    if (validToDate.getTime() - this.#clock.now() > RENEW_BEFORE_MS) return undefined;
    const renewed = await this.#certify(id, publicKey.export({ type: 'spki', format: 'pem' }).toString());
    await this.#state.query('UPDATE traffic_monitoring.remote_sensor SET fingerprint = $2 WHERE id = $1', [
      id,
      fingerprintOf(new X509Certificate(renewed).raw),
    ]);
    return renewed;
  }

  async list(): Promise<RemoteSensorView[]> {
    const rows = await this.#state.query<Record<string, unknown>>(
      'SELECT * FROM traffic_monitoring.remote_sensor ORDER BY enrolled_at, id',
    );
    return rows.map((row) =>
      RemoteSensorView.parse({
        id: row.id,
        name: row.name,
        isConnected: this.connected.has(String(row.id)),
        enrolledAt: Number(row.enrolled_at),
        lastSeenAt: row.last_seen_at === null ? null : Number(row.last_seen_at),
        acceptedBatches: Number(row.accepted),
        status: row.status,
      }),
    );
  }

  /** Its certificate is good for nothing from now on. @throws SphinxError SPX_NOT_FOUND */
  async remove(id: string): Promise<void> {
    const removed = await this.#state.query('DELETE FROM traffic_monitoring.remote_sensor WHERE id = $1 RETURNING id', [
      id,
    ]);
    if (removed.length === 0) throw new SphinxError('SPX_NOT_FOUND', `There is no remote sensor ${id}.`);
  }

  async noteStatus(id: string, status: SensorStatus): Promise<void> {
    await this.#state.query(
      'UPDATE traffic_monitoring.remote_sensor SET status = $2::jsonb, last_seen_at = $3 WHERE id = $1',
      [id, JSON.stringify(status), this.#clock.now()],
    );
  }

  /** @param spool numbering of the sensor; another one than before begins anew */
  async progress(id: string, spool: string): Promise<SensorProgressRecord> {
    const [row] = await this.#state.query<{ spool: string; accepted: string | number; applying: string | number }>(
      `UPDATE traffic_monitoring.remote_sensor SET
         accepted = CASE WHEN spool = $2 THEN accepted ELSE 0 END,
         applying = CASE WHEN spool = $2 THEN applying ELSE 0 END,
         spool = $2
       WHERE id = $1 RETURNING spool, accepted, applying`,
      [id, spool],
    );
    return { spool, accepted: Number(row?.accepted ?? 0), applying: Number(row?.applying ?? 0) };
  }

  /** Said before a batch is taken in: a crash in between shows at the next start. */
  async begin(id: string, sequence: number): Promise<void> {
    await this.#state.query('UPDATE traffic_monitoring.remote_sensor SET applying = $2 WHERE id = $1', [id, sequence]);
  }

  async accept(id: string, sequence: number): Promise<void> {
    await this.#state.query('UPDATE traffic_monitoring.remote_sensor SET accepted = $2 WHERE id = $1', [id, sequence]);
  }

  async #certify(sensor: string, publicKey: string): Promise<string> {
    const options = { name: sensor, publicKey, usage: 'client', days: CERTIFICATE_DAYS } as const;
    return issueCertificate(await this.authority(), { ...options, nowMs: this.#clock.now() });
  }

  async #loadAuthority(): Promise<CertificateAuthority> {
    const kept = await this.#secrets.get('sensor-authority');
    if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString('utf8')) as CertificateAuthority;
    const created = await createAuthority('SPHINX sensors', this.#clock.now());
    await this.#secrets.set('sensor-authority', Buffer.from(JSON.stringify(created)));
    return created;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
