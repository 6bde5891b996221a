import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTemporaryFolder } from '@sphinx/platform/temporary-folder';
import { ActuatorError } from '../../contract/actuator.ts';
import { type ProgramRun, runProgram } from '../../means/run-program.ts';

/** A record of the zone, as text of a zone file (RFC 1035 §5). */
export interface ZoneRecord {
  /** With the final dot. */
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  readonly data: string;
}

export interface RpzPlace {
  readonly server: string;
  readonly port: number;
  /** Without the final dot. */
  readonly zone: string;
  readonly key: { readonly name: string; readonly algorithm: string; readonly secret: string };
}

const TYPES = ['CNAME', 'A', 'AAAA'] as const;
const OPTIONS = { debianPackage: 'bind9-dnsutils' } as const;
const LIMIT_SECONDS = 8;

/** A zone of response policies on a name server, changed by RFC 2136 under a key (TSIG, RFC 8945). */
export class RpzServer {
  readonly #place: RpzPlace;

  constructor(place: RpzPlace) {
    this.#place = place;
  }

  /** Records at these names (with the final dot). @throws ActuatorError when the server is away or refuses the key */
  async read(names: readonly string[], signal: AbortSignal): Promise<readonly ZoneRecord[]> {
    const { server, port } = this.#place;
    const questions = names.flatMap((name) => TYPES.flatMap((type) => ['-q', name, '-t', type]));
    const flags = ['+tcp', '+norecurse', `+timeout=${LIMIT_SECONDS}`, '+tries=1', '+noall', '+answer', '+comments'];
    const run = await this.#withKey((key) =>
      runProgram('dig', ['-r', `@${server}`, '-p', String(port), '-k', key, ...flags, ...questions], {
        ...OPTIONS,
        signal,
      }),
    );
    if (run.status !== 0) throw explain(this.#place, run);
    if (/status: (?:REFUSED|NOTAUTH|SERVFAIL|FORMERR)|BADKEY|BADSIG|TSIG.*fail/i.test(run.stdout + run.stderr))
      throw explain(this.#place, run);
    const records = run.stdout
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(';'))
      .map((line) => /^(\S+)\s+(\d+)\s+IN\s+(\S+)\s+(.+)$/.exec(line))
      .flatMap((found) => (found === null ? [] : [recordOf(found)]))
      .filter(({ name }) => names.includes(name.toLowerCase()));
    return [...new Map(records.map((record) => [JSON.stringify(record), record])).values()];
  }

  /** Takes records away and adds others, all or none of it. */
  async change(gone: readonly ZoneRecord[], added: readonly ZoneRecord[], signal: AbortSignal): Promise<void> {
    const { server, port, zone } = this.#place;
    const input = [
      `server ${server} ${port}`,
      `zone ${zone}.`,
      ...gone.map(({ name, type, data }) => `update delete ${name} ${type} ${data}`),
      ...added.map(({ name, ttl, type, data }) => `update add ${name} ${ttl} ${type} ${data}`),
      'send',
      '',
    ].join('\n');
    const flags = ['-v', '-t', String(LIMIT_SECONDS), '-r', '0'];
    const run = await this.#withKey((key) =>
      runProgram('nsupdate', ['-k', key, ...flags], { ...OPTIONS, input, signal }),
    );
    if (run.status !== 0) throw explain(this.#place, run);
  }

  /** The key is on disk while a program runs, readable for this account alone. */
  async #withKey(work: (file: string) => Promise<ProgramRun>): Promise<ProgramRun> {
    const { name, algorithm, secret } = this.#place.key;
    const folder = await createTemporaryFolder();
    const file = join(folder.path, 'key');
    try {
      await writeFile(file, `key "${name}" { algorithm ${algorithm}; secret "${secret}"; };\n`, { mode: 0o600 });
      return await work(file);
    } finally {
      await rm(file, { force: true });
      await folder.remove();
    }
  }
}

function recordOf([, name = '', ttl = '0', type = '', data = '']: RegExpExecArray): ZoneRecord {
  return { name: name.toLowerCase(), ttl: Number(ttl), type, data };
}

function explain({ server, port, zone, key }: RpzPlace, { stdout, stderr }: ProgramRun): ActuatorError {
  const where = `${server}:${port}`;
  const said = `${stdout}\n${stderr}`;
  if (/BADKEY|BADSIG|BADTIME|NOTAUTH|tsig/i.test(said))
    return new ActuatorError(
      `${where} does not take the key "${key.name}", or is not in charge of ${zone}. Enter both again.`,
    );
  if (/REFUSED/.test(said)) return new ActuatorError(`${where} does not let the key "${key.name}" change ${zone}.`);
  if (/timed out|refused|unreachable|no servers|couldn't get address/i.test(said))
    return new ActuatorError(`The name server ${where} does not answer.`, { isTemporary: true });
  const last = said.trim().split('\n').at(-1) ?? '';
  return new ActuatorError(`The name server ${where} refused: ${last}`);
}
