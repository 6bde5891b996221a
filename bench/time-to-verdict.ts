import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chownSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FactData, FactType, Verification } from '@sphinx/schema';
import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { Cable, WITHOUT_NAMESPACES } from '../tests/probing/cable.ts';
import { Lab } from '../tests/probing/lab.ts';
import { call, openWholeProgram } from '../tests/whole-program.ts';
import { factToVerdict } from './support/fact-to-verdict.ts';

// From the first sight of a new device to its verdict, the whole program in this process with every service on.
// 1. From what a packet told to the verdict, one new device after the other. 2. From the first packet: a PostgreSQL that trusts
// everybody stands at the end of a cable, the program listens, and an application connects. Passive first; then the schedule of
// active-probing asks it, and the verdict that knows of the answers is waited for. The second needs root, ip, tcpdump and the Debian
// package postgresql. `npm run bench -- time-to-verdict [DEVICES]`; last line: figures as JSON.

const PORT = 5432;
const GIVE_UP_MS = 120_000;
const LOOK_EVERY_MS = 50;
/** What only the probe shows: nobody logged in without a password before. */
const ASKED_CHECK = 'data-store-password';
/** PostgreSQL documentation §55.7: may I use TLS? */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function main(devices: number): Promise<void> {
  const fromFact = await measured((program) => factToVerdict(program, devices));
  const { medianMs, p95Ms, slowestMs } = fromFact;
  print(
    `${devices} new devices, one after another: half of them judged within ${medianMs} ms, 19 of 20 within ${p95Ms} ms,`,
  );
  print(`the slowest after ${slowestMs} ms. Goal: 10,000 ms.`);
  if (WITHOUT_NAMESPACES !== '') print(`From the first packet: not measured, it ${WITHOUT_NAMESPACES}.`);
  const fromPacket = WITHOUT_NAMESPACES === '' ? await measured(packetToVerdict) : null;
  print(JSON.stringify({ bench: 'time-to-verdict', fromFact, fromPacket }));
}

async function measured<Figures>(work: (program: Program) => Promise<Figures>): Promise<Figures> {
  const program = await openWholeProgram();
  try {
    return await work(program);
  } finally {
    await program.close();
  }
}

async function packetToVerdict(program: Program) {
  const lab = new Lab();
  const cable = Cable.open();
  try {
    await startDatabase(lab, cable);
    await call(program, 'PATCH', '/services/active-probing', { isEnabled: true });
    await call(program, 'POST', '/sources', { kind: 'interface', interface: cable.askerInterface });
    await listening(program, cable);
    const began = Date.now();
    await openConnection(cable.deviceIp);
    const passive = await verdictAfter(program, cable.deviceIp, began, () => true);
    print(`first packet to passive verdict: ${seconds(passive.ms)} (${passive.verification.verdict})`);
    const probed = await verdictAfter(program, cable.deviceIp, began, ({ results }) =>
      results.some(({ checkId, outcome }) => checkId === ASKED_CHECK && outcome === 'fail'),
    );
    print(`first packet to verdict with probes: ${seconds(probed.ms)} (${probed.verification.verdict}). Goal: 60 s.`);
    const [run] = await waitFor(program, 'probe.completed', began);
    print(`probes: ${run?.probes.length ?? 0}, ${run?.packets ?? 0} packets`);
    return { passiveMs: passive.ms, probedMs: probed.ms, packets: run?.packets ?? null };
  } finally {
    await lab.stop();
    cable.close();
  }
}

/** Something else crosses the cable, to nobody, until the source has heard it: what comes before it listens is not seen. */
async function listening(program: Program, { askerIp }: Cable): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => socket.bind(0, askerIp, done));
  socket.setBroadcast(true);
  // Four addresses: network, who asks, device, everybody.
  const everybody = askerIp.replace(/\d+$/, (last) => String(Number(last) + 2));
  for (let isHeard = false; !isHeard; ) {
    socket.send('anybody there?', 9, everybody);
    await pause(200);
    const { items } = await call<{ items: { packets: number }[] }>(program, 'GET', '/sources');
    isHeard = items.some(({ packets }) => packets > 0);
  }
  socket.close();
}

/** A database that wants no password, at the other end of the cable; ready before anything is timed. */
async function startDatabase(lab: Lab, cable: Cable): Promise<void> {
  const folder = await lab.folder();
  const [version = ''] = readdirSync('/usr/lib/postgresql').sort().reverse();
  const programs = join('/usr/lib/postgresql', version, 'bin');
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  const user = { uid: idOf('-u'), gid: idOf('-g') };
  chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const quiet = { ...user, stdio: 'ignore', cwd: folder } as const;
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], quiet);
  execFileSync('sh', ['-c', `echo "host all all 0.0.0.0/0 trust" >> ${join(data, 'pg_hba.conf')}`], user);
  const settings = [`listen_addresses=${cable.deviceIp}`, `unix_socket_directories=${folder}`, 'fsync=off'];
  const asUser = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] as const;
  const options = settings.flatMap((setting) => ['-c', setting]);
  const command = cable.onDevice(...asUser, join(programs, 'postgres'), '-D', data, ...options);
  await lab.start(...command, 0, { folder });
  await cable.listens('tcp', PORT);
}

/** As an application begins. */
function openConnection(host: string): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect({ host, port: PORT }, () => socket.write(SSL_REQUEST));
    socket.once('data', () => {
      socket.end();
      done();
    });
    socket.once('error', fail);
  });
}

async function verdictAfter(
  program: Program,
  ip: string,
  began: number,
  isWanted: (verification: Verification) => boolean,
): Promise<{ ms: number; verification: Verification }> {
  for (;;) {
    const found = await factsOf(program, 'verdict.issued');
    const verification = found.find((one) => one.assetName.includes(ip) && one.time >= began && isWanted(one));
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

await main(Number(process.argv[2] ?? 50));
