import { type ChildProcess, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers } from './directory-server.ts';
import { freePort } from './ssh-server.ts';

export const ZONE = 'rpz.hospital.example';
export const KEY = Buffer.from('a key of thirty-two bytes length').toString('base64');

/** A real BIND that resolves `update.example` and its names, and takes updates of its zone of response policies. */
export class NameServer {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(): Promise<NameServer> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-named-'));
    const port = await freePort();
    const head = '$TTL 60\n@ IN SOA localhost. admin.localhost. 1 3600 600 86400 60\n@ IN NS localhost.\n';
    await writeFile(join(folder, 'rpz.db'), `${head}theirs.example CNAME .\n`);
    await writeFile(
      join(folder, 'example.db'),
      `${head}update A 192.0.2.80\ncdn.update A 192.0.2.81\nother A 192.0.2.82\n`,
    );
    await writeFile(
      join(folder, 'named.conf'),
      `
key "sphinx" { algorithm hmac-sha256; secret "${KEY}"; };
controls { };
options {
  directory "${folder}";
  pid-file "${folder}/pid";
  session-keyfile "${folder}/session.key";
  managed-keys-directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion yes;
  allow-recursion { any; };
  allow-query { any; };
  dnssec-validation no;
  response-policy { zone "${ZONE}"; } min-update-interval 0 qname-wait-recurse no;
};
zone "${ZONE}" { type primary; file "rpz.db"; allow-query { key sphinx; }; allow-transfer { key sphinx; }; allow-update { key sphinx; }; };
zone "example" { type primary; file "example.db"; };
`,
    );
    const child = spawn('/usr/sbin/named', ['-f', '-n', '1', '-c', join(folder, 'named.conf')], { stdio: 'ignore' });
    await answers(port);
    return new NameServer(port, folder, child);
  }

  /** @returns addresses that a client is given, or the code of the error */
  async resolve(name: string): Promise<readonly string[] | string> {
    const resolver = new Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([`127.0.0.1:${this.port}`]);
    return resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => error.code ?? 'error');
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}
