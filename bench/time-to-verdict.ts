import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FactData, FactType, Verification } from '@sphinx/schema';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { call, openWholeProgram } from '../tests/whole-program.ts';

// From the first packet of a new device to its verdict: a PostgreSQL that trusts everybody stands in a network namespace, the
// program listens on the other end of the cable, and an application connects. Passive first; then the schedule of
// active-probing asks it, and the verdict that knows of the answers is waited for. Needs root, ip, tcpdump and the Debian
// package postgresql. `npm run bench -- time-to-verdict`; last line: figures as JSON.

const NAMESPACE = `spxv${process.pid}`;
const HERE = `spxh${process.pid % 100_000}`;
const THERE = `spxt${process.pid % 100_000}`;
const OWN_IP = '10.97.0.1';
const DEVICE_IP = '10.97.0.2';
const PORT = 5432;
const GIVE_UP_MS = 120_000;
const LOOK_EVERY_MS = 50;
/** What only the probe shows: nobody logged in without a password before. */
const ASKED_CHECK = 'data-store-password';
/** PostgreSQL documentation §55.7: may I use TLS? */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

const ip = (...parameters: string[]) => execFileSync('ip', parameters);

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sphinx-bench-'));
  ip('netns', 'add', NAMESPACE);
  const device = startDevice(folder);
  const program = await openWholeProgram();
  try {
    await call(program, 'PATCH', '/services/active-probing', { isEnabled: true });
    const source = { kind: 'interface', interface: HERE };
    await call(program, 'POST', '/sources', source);
    await pause(4000);
    await reachable();
    const began = Date.now();
    await openConnection();
    const passive = await verdictAfter(program, began, () => true);
    print(`first packet to passive verdict: ${seconds(passive.ms)} (${passive.verification.verdict})`);
    const probed = await verdictAfter(program, began, ({ results }) =>
      results.some(({ checkId, outcome }) => checkId === ASKED_CHECK && outcome === 'fail'),
    );
    print(
      `first packet to verdict with probes: ${seconds(probed.ms)} (${probed.verification.verdict}, ${ASKED_CHECK} fails)`,
    );
    const [run] = await waitFor(program, 'probe.completed', began);
    print(
      `probes: ${run?.probes.length ?? 0}, ${run?.packets ?? 0} packets, ended after ${seconds((run?.endedAt ?? began) - began)}`,
    );
    print(
      JSON.stringify({
        bench: 'time-to-verdict',
        passiveMs: passive.ms,
        probedMs: probed.ms,
        packets: run?.packets ?? null,
      }),
    );
  } finally {
    await program.close();
    device.kill('SIGINT');
    ip('netns', 'del', NAMESPACE);
    await pause(500);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A cable with the device at its other end, and a database on it that wants no password. */
function startDevice(folder: string) {
  ip('link', 'add', HERE, 'type', 'veth', 'peer', 'name', THERE, 'netns', NAMESPACE);
  ip('addr', 'add', `${OWN_IP}/24`, 'dev', HERE);
  ip('link', 'set', HERE, 'up');
  const inside = ['netns', 'exec', NAMESPACE];
  ip(...inside, 'ip', 'addr', 'add', `${DEVICE_IP}/24`, 'dev', THERE);
  ip(...inside, 'ip', 'link', 'set', THERE, 'up');
  const [version = ''] = readdirSync('/usr/lib/postgresql').sort().reverse();
  const programs = join('/usr/lib/postgresql', version, 'bin');
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  const user = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], {
    ...user,
    stdio: 'ignore',
    cwd: folder,
  });
  const hba = join(data, 'pg_hba.conf');
  execFileSync('sh', ['-c', `echo "host all all 0.0.0.0/0 trust" >> ${hba}`], user);
  const settings = [
    '-c',
    `listen_addresses=${DEVICE_IP}`,
    '-c',
    `unix_socket_directories=${folder}`,
    '-c',
    'fsync=off',
  ];
  return spawn(
    'ip',
    [
      ...inside,
      'setpriv',
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      '--clear-groups',
      join(programs, 'postgres'),
      '-D',
      data,
      ...settings,
    ],
    {
      cwd: folder,
      stdio: 'ignore',
    },
  );
}

/** The kernel has to know the way, and the database to listen, before anything is timed; nothing crosses the cable for it. */
async function reachable(): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const listening = execFileSync('ip', ['netns', 'exec', NAMESPACE, 'ss', '-ltn'], { encoding: 'utf8' });
    if (listening.includes(`${DEVICE_IP}:${PORT}`)) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error('The database does not listen.');
}

/** As an application begins. */
function openConnection(): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect({ host: DEVICE_IP, port: PORT }, () => socket.write(SSL_REQUEST));
    socket.once('data', () => {
      socket.end();
      done();
    });
    socket.once('error', fail);
  });
}

async function verdictAfter(
  program: Program,
  began: number,
  isWanted: (verification: Verification) => boolean,
): Promise<{ ms: number; verification: Verification }> {
  for (;;) {
    const found = await factsOf(program, 'verdict.issued');
    const verification = found.find((one) => one.assetName.includes(DEVICE_IP) && one.time >= began && isWanted(one));
    if (verification !== undefined) return { ms: Date.now() - began, verification };
    if (Date.now() - began > GIVE_UP_MS) throw new Error(`No such verdict after ${seconds(GIVE_UP_MS)}.`);
    await pause(LOOK_EVERY_MS);
  }
}

async function waitFor(program: Program, type: 'probe.completed', began: number) {
  for (;;) {
    const found = await factsOf(program, type);
    if (found.length > 0 || Date.now() - began > GIVE_UP_MS) return found;
    await pause(LOOK_EVERY_MS);
  }
}

async function factsOf<T extends FactType>(program: Program, type: T): Promise<readonly FactData<T>[]> {
  const stored = await program.engines.bus.read({ types: [type], limit: 1000 });
  return stored.map(({ fact }) => fact.data as FactData<T>);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
