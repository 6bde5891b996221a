import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CareLog, type CareRequest } from './care-log.ts';
import { buildNetwork } from './network.ts';
import { PLACES, SPHINX_IP } from './places.ts';
import { type Running, run, start } from './programs.ts';

const DOCUMENTS = 240;
/** In every document: who opens one and does not find it has no document. */
export const DOCUMENT_WORD = 'Discharge letter';
const BACKUP_PASSWORD = 'drill-backup';

const serverProgram = (name: string) => fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url));

/** The hospital while it stands. */
export interface Hospital {
  readonly care: CareLog;
  /** Documents of the file share. */
  readonly shareFolder: string;
  readonly backup: { readonly repository: string; readonly passwordFile: string; readonly password: string };
  /** Hash of every document, as it was put there. */
  readonly documents: ReadonlyMap<string, string>;
  /** @returns documents that are missing or not as they were */
  lostDocuments(): string[];
}

/** Raises network, servers and care. @param folder on a file system that goes with the drill */
export async function raiseHospital(folder: string): Promise<Hospital> {
  buildNetwork();
  const shareFolder = join(folder, 'documents');
  const image = makeImage(folder);
  const documents = writeDocuments(shareFolder);
  const backup = await backUp(folder, shareFolder);
  await Promise.all([
    startArchive(folder),
    startRecord(folder),
    startShare(folder, shareFolder),
    startShells(folder),
    startProgram(PLACES.engine, 2575, 'interface-engine', '2575'),
    startProgram(PLACES.pump1, 3001, 'pump', '3001', '800300001'),
    startProgram(PLACES.pump2, 3001, 'pump', '3001', '800300002'),
    startProgram(PLACES.masters, 4444, 'outside', 'masters'),
    startProgram(PLACES.names, undefined, 'outside', 'names'),
  ]);
  const care = new CareLog();
  await startCare(care, image);
  return {
    care,
    shareFolder,
    backup,
    documents,
    lostDocuments: () =>
      [...documents].filter(([name, hash]) => hashOf(join(shareFolder, name)) !== hash).map(([name]) => name),
  };
}

/** Writes the documents of the hospital's share. @returns their hashes */
function writeDocuments(shareFolder: string): Map<string, string> {
  mkdirSync(shareFolder, { recursive: true });
  const hashes = new Map<string, string>();
  for (let number = 1; number <= DOCUMENTS; number += 1) {
    const name = `letter-${String(number).padStart(4, '0')}.txt`;
    const text = `${DOCUMENT_WORD} ${number}\n${`Text of an invented patient, line by line, number ${number}.\n`.repeat(120)}`;
    writeFileSync(join(shareFolder, name), text, { mode: 0o666 });
    hashes.set(name, createHash('sha256').update(text).digest('hex'));
  }
  return hashes;
}

function hashOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

async function backUp(folder: string, shareFolder: string): Promise<Hospital['backup']> {
  const repository = join(folder, 'backup');
  const passwordFile = join(folder, 'backup-password');
  writeFileSync(passwordFile, BACKUP_PASSWORD, { mode: 0o600 });
  for (const parameters of [['init'], ['backup', shareFolder]]) {
    const { code, output } = await run(
      PLACES.backup,
      'restic',
      ['--no-cache', '-r', repository, '--password-file', passwordFile, ...parameters],
      { limitMs: 60_000 },
    );
    if (code !== 0) throw new Error(`restic: ${output}`);
  }
  return { repository, passwordFile, password: BACKUP_PASSWORD };
}

function startProgram(
  place: (typeof PLACES)[keyof typeof PLACES],
  port: number | undefined,
  name: string,
  ...rest: string[]
): Promise<Running> {
  return start(place, process.execPath, [serverProgram(name), ...rest], port === undefined ? {} : { port });
}

/** A study of nobody, for the modality to send. */
function makeImage(folder: string): string {
  const described = join(folder, 'image.dump');
  const image = join(folder, 'image.dcm');
  const elements = [
    '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]',
    '(0008,0018) UI [1.2.826.0.1.3680043.8.498.1]',
    '(0008,0060) CS [OT]',
    '(0010,0010) PN [Invented^Patient]',
    '(0010,0020) LO [DRILL]',
    '(0020,000d) UI [1.2.826.0.1.3680043.8.498.2]',
    '(0020,000e) UI [1.2.826.0.1.3680043.8.498.3]',
    '(0028,0002) US 1',
    '(0028,0004) CS [MONOCHROME2]',
    '(0028,0010) US 64',
    '(0028,0011) US 64',
    '(0028,0100) US 8',
    '(0028,0101) US 8',
    '(0028,0102) US 7',
    '(0028,0103) US 0',
    `(7fe0,0010) OB ${Array.from({ length: 4096 }, (_, at) => (at & 255).toString(16).padStart(2, '0')).join('\\')}`,
  ];
  writeFileSync(described, `${elements.join('\n')}\n`);
  execFileSync('dump2dcm', ['+l', '40000', described, image], { stdio: ['ignore', 'ignore', 'pipe'] });
  return image;
}

async function startArchive(folder: string): Promise<void> {
  const data = join(folder, 'archive');
  mkdirSync(data);
  const about = {
    Name: 'ARCHIVE',
    StorageDirectory: data,
    IndexDirectory: data,
    HttpPort: 8042,
    DicomPort: 4242,
    DicomAet: 'ARCHIVE',
    DicomCheckCalledAet: true,
    DicomAlwaysAllowFind: true,
    DicomAlwaysAllowGet: true,
    RemoteAccessAllowed: true,
    AuthenticationEnabled: false,
    Plugins: [],
  };
  const file = join(folder, 'orthanc.json');
  writeFileSync(file, JSON.stringify(about));
  await start(PLACES.archive, 'Orthanc', [file], { port: 4242 });
}

async function startRecord(folder: string): Promise<void> {
  const [version = ''] = readdirSync('/usr/lib/postgresql').sort().reverse();
  const programs = join('/usr/lib/postgresql', version, 'bin');
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  const user = { uid: idOf('-u'), gid: idOf('-g') };
  const home = join(folder, 'database');
  mkdirSync(home);
  chownSync(home, user.uid, user.gid);
  const data = join(home, 'data');
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--no-instructions'],
    {
      ...user,
      stdio: 'ignore',
      cwd: home,
    },
  );
  writeFileSync(join(data, 'pg_hba.conf'), `local all all trust\nhost all all ${PLACES.record.ip}/32 trust\n`);
  const settings = ['listen_addresses=*', `unix_socket_directories=${home}`, 'fsync=off', 'shared_buffers=16MB'];
  const parameters = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  await start(PLACES.database, join(programs, 'postgres'), parameters, { port: 5432, user, folder: home });
  await run(PLACES.database, 'sh', [
    '-c',
    `for i in $(seq 100); do ${programs}/pg_isready -q -h ${home} && exit 0; sleep 0.05; done; exit 1`,
  ]);
  // As old appliances have it: no cookies and no room kept for who was here before, so that requests without end fill the queue.
  const old = ['tcp_syncookies=0', 'tcp_max_syn_backlog=64', 'tcp_no_metrics_save=1'].map((line) => `net.ipv4.${line}`);
  await run(PLACES.record, 'sysctl', ['-q', '-w', ...old, 'net.core.somaxconn=64']);
  await startProgram(PLACES.record, 8080, 'health-record', '8080', PLACES.database.ip);
}

async function startShare(folder: string, shareFolder: string): Promise<void> {
  const home = join(folder, 'samba');
  mkdirSync(home);
  const places = [
    'private dir',
    'lock directory',
    'state directory',
    'cache directory',
    'pid directory',
    'ncalrpc dir',
  ];
  const lines = [
    '[global]',
    ...places.map((name) => `${name} = ${home}`),
    'smb ports = 445',
    'load printers = no',
    'disable spoolss = yes',
    'map to guest = Bad User',
    'guest account = root',
    'server min protocol = SMB2_10',
    '[documents]',
    `path = ${shareFolder}`,
    'guest ok = yes',
    'read only = no',
    'force user = root',
  ];
  const file = join(folder, 'smb.conf');
  writeFileSync(file, lines.join('\n'));
  await start(PLACES.share, 'smbd', ['-F', '--no-process-group', '--debug-stdout', '-s', file], {
    port: 445,
    folder: home,
  });
}

/** Shells of servers, whose logs go to SPHINX as syslog. */
async function startShells(folder: string): Promise<void> {
  const key = join(folder, 'host-key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  mkdirSync('/run/sshd', { recursive: true });
  // What an administrator left lying about.
  const stolen = join(folder, 'stolen-key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stolen]);
  const settings = [
    'UsePAM=no',
    'PasswordAuthentication=yes',
    'PidFile=none',
    'PermitRootLogin=yes',
    'StrictModes=no',
    `AuthorizedKeysFile=${stolen}.pub`,
  ];
  const sshd = `/usr/sbin/sshd -D -e -f /dev/null -h ${key} ${settings.map((setting) => `-o ${setting}`).join(' ')}`;
  await Promise.all(
    [PLACES.share, PLACES.backup, PLACES.admin1, PLACES.admin2, PLACES.database, PLACES.record].map((place) =>
      start(
        place,
        'sh',
        ['-c', `${sshd} 2>&1 | logger --server ${SPHINX_IP} --port 5514 --udp --rfc5424=notq -t sshd -p auth.info`],
        { port: 22 },
      ),
    ),
  );
}

async function startCare(care: CareLog, image: string): Promise<void> {
  const from = (
    place: (typeof PLACES)[keyof typeof PLACES],
    service: string,
    kind: string,
    everyMs: number,
    ...rest: string[]
  ) =>
    start(place, process.execPath, [serverProgram('care'), kind, String(everyMs), ...rest], {
      onLine: (line) => {
        if (line.startsWith('{')) care.add(service, JSON.parse(line) as CareRequest);
      },
    });
  await Promise.all([
    from(PLACES.modality, 'image stored', 'image', 1500, PLACES.archive.ip, image),
    from(PLACES.reading, 'archive asked', 'query', 1500, PLACES.archive.ip),
    from(PLACES.laboratory, 'result delivered', 'message', 500, PLACES.engine.ip),
    from(PLACES.ward, 'record opened', 'page', 400, PLACES.record.ip),
    from(PLACES.ward, 'document opened', 'document', 1500, PLACES.share.ip, 'letter-0120.txt', DOCUMENT_WORD),
    from(PLACES.gateway, 'pumps in order', 'pumps', 500, PLACES.pump1.ip, PLACES.pump2.ip),
  ]);
}
