import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

const CONFIGURATION = `
[ tsa ]
default_tsa = test
[ test ]
serial = ./serial
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ authority ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[ stamping ]
basicConstraints = CA:FALSE
extendedKeyUsage = critical,timeStamping
[ request ]
distinguished_name = name
[ name ]
`;

/** A real authority of RFC 3161 for tests: `openssl ts` behind HTTP. */
export class TimeStampAuthority {
  readonly #folder: string;
  readonly #server: Server;
  /** It answers, or breaks. */
  isUp = true;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer(async (request, response) => {
      const query = await buffer(request);
      if (!this.isUp || request.headers['content-type'] !== 'application/timestamp-query') {
        response.writeHead(500).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(this.reply(query));
    });
  }

  static async open(): Promise<TimeStampAuthority> {
    const folder = mkdtempSync(join(tmpdir(), 'sphinx-time-stamps-'));
    const authority = new TimeStampAuthority(folder);
    writeFileSync(join(folder, 'openssl.cnf'), CONFIGURATION);
    writeFileSync(join(folder, 'serial'), '01\n');
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
    const common = ['req', '-x509', '-config', 'openssl.cnf', ...newKey];
    authority.#openssl([
      ...common,
      '-extensions',
      'authority',
      '-subj',
      '/CN=Test authority',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    ]);
    const stamping = ['-extensions', 'stamping', '-subj', '/CN=Test time stamps', '-CA', 'ca.pem', '-CAkey', 'ca.key'];
    authority.#openssl([...common, ...stamping, '-keyout', 'tsa.key', '-out', 'tsa.pem']);
    await new Promise<void>((resolve) => authority.#server.listen(0, '127.0.0.1', resolve));
    return authority;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** PEM of the certificate that its own follows from. */
  get certificate(): string {
    return readFileSync(join(this.#folder, 'ca.pem'), 'utf8');
  }

  /** Answers a query as the program does. */
  reply(query: Uint8Array): Buffer {
    writeFileSync(join(this.#folder, 'query'), query);
    this.#openssl(['ts', '-reply', '-config', 'openssl.cnf', '-queryfile', 'query', '-out', 'reply']);
    return readFileSync(join(this.#folder, 'reply'));
  }

  close(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #openssl(parameters: readonly string[]): void {
    const { status, stderr } = spawnSync('openssl', parameters, { cwd: this.#folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
}
