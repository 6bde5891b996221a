import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './ssh-server.ts';

const run = promisify(execFile);

export const BASE_DN = 'dc=hospital,dc=example';
export const SPHINX_DN = `cn=sphinx,${BASE_DN}`;
export const PASSWORD = 'correct horse';

/** Attributes of other directories, with the syntax that their makers document. */
const FOREIGN_SCHEMA = `
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.96 NAME 'pwdLastSet' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top AUXILIARY MAY ( userAccountControl $ pwdLastSet $ sAMAccountName $ userPrincipalName $ nsAccountLock ) )
`;

function entries(): string {
  const person = (uid: string): string => `
dn: uid=${uid},ou=people,${BASE_DN}
objectClass: inetOrgPerson
objectClass: shadowAccount
objectClass: user
uid: ${uid}
cn: ${uid}
sn: ${uid}
sAMAccountName: ${uid}
userPrincipalName: ${uid}@hospital.example
userAccountControl: 66048
pwdLastSet: 133000000000000000
shadowLastChange: 20000
userPassword: ${PASSWORD}
`;
  return `
dn: ${BASE_DN}
objectClass: dcObject
objectClass: organization
dc: hospital
o: Hospital

dn: ou=people,${BASE_DN}
objectClass: organizationalUnit
ou: people

dn: cn=policy,${BASE_DN}
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMustChange: TRUE

dn: ${SPHINX_DN}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: sphinx
userPassword: ${PASSWORD}
${person('nurse')}${person('doctor')}${person('o(mal)*ley')}`;
}

/** A real slapd with TLS, people in it, and an account of SPHINX that may write no more than its documentation asks for. */
export class DirectoryServer {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly authority: string;

  private constructor(port: number, folder: string, child: ChildProcess, authority: string) {
    this.port = port;
    this.#folder = folder;
    this.#child = child;
    this.authority = authority;
  }

  static async start(): Promise<DirectoryServer> {
    const folder = await mkdtemp(join(tmpdir(), 'sphinx-slapd-'));
    const file = (name: string) => join(folder, name);
    await mkdir(file('data'));
    await writeCertificate(folder);
    await writeFile(file('foreign.schema'), FOREIGN_SCHEMA);
    await writeFile(file('slapd.conf'), configuration(folder));
    await writeFile(file('entries.ldif'), entries());
    await run('/usr/sbin/slapadd', ['-f', file('slapd.conf'), '-l', file('entries.ldif')]);
    const port = await freePort();
    const parameters = ['-d', '0', '-f', file('slapd.conf'), '-h', `ldaps://127.0.0.1:${port}`];
    const child = spawn('/usr/sbin/slapd', parameters, { stdio: 'ignore' });
    await answers(port);
    return new DirectoryServer(port, folder, child, await readFile(file('certificate.pem'), 'utf8'));
  }

  /** Every entry with its operational attributes, but those that only say when something was changed. */
  async dump(): Promise<string> {
    const { stdout } = await run('/usr/sbin/slapcat', ['-f', join(this.#folder, 'slapd.conf')]);
    const kept = stdout.replace(/^(?:entryCSN|modifyTimestamp|modifiersName|contextCSN): .*\n/gm, '');
    return kept
      .split('\n\n')
      .map((entry) => entry.split('\n').sort().join('\n'))
      .join('\n\n');
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function configuration(folder: string): string {
  const written =
    'pwdAccountLockedTime,pwdReset,userAccountControl,pwdLastSet,shadowExpire,shadowLastChange,nsAccountLock';
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
include ${folder}/foreign.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
TLSCertificateFile ${folder}/certificate.pem
TLSCertificateKeyFile ${folder}/key.pem
pidfile ${folder}/pid
database mdb
suffix "${BASE_DN}"
directory ${folder}/data
rootdn "cn=admin,${BASE_DN}"
rootpw ${JSON.stringify(PASSWORD)}
overlay ppolicy
ppolicy_default "cn=policy,${BASE_DN}"
access to attrs=${written} by dn.exact="${SPHINX_DN}" write by * read
access to attrs=userPassword by anonymous auth by self write by * none
access to * by * read
`;
}

/** A certificate of its own for 127.0.0.1. */
export async function writeCertificate(folder: string): Promise<void> {
  const parameters = [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=hospital.example', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')],
  ];
  await run('openssl', parameters);
}

/** Ends once somebody listens on a port of loopback. */
export async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(25);
  }
  throw new Error(`nobody listens on port ${port}`);
}
