import { createSocket } from 'node:dgram';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import bacnet, { PropertyIdentifier } from '@bacnet-js/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House } from '../../services/honeypots/test-house.ts';
import { freePort, Lab } from '../probing/lab.ts';
import { run } from './clients.ts';

// Servers of an office and controllers of a building with smbclient, ftp, curl, mariadb and nmap.

const lab = new Lab();
let house: House;
const port: Record<string, number> = {};

beforeAll(async () => {
  house = await House.open();
  for (const name of ['smb', 'ftp', 'rdp', 'mysql', 'vnc', 'modbus', 'bacnet']) port[name] = await freePort();
  const of = (name: string) => port[name] ?? 0;
  await house.decoy('file-server', { 445: of('smb'), 21: of('ftp'), 3389: of('rdp') });
  await house.decoy('radiology-database', { 3306: of('mysql'), 5900: of('vnc') });
  await house.decoy('building-controller', { 502: of('modbus'), 47808: of('bacnet') });
});
afterAll(async () => {
  await house.close();
  await lab.stop();
});

const smb = (share: string, commands: string, ...account: readonly string[]) =>
  run('smbclient', [`//127.0.0.1/${share}`, '-p', String(port.smb), ...account, '-c', commands]);

describe('the file server', () => {
  it('shows smbclient its documents and takes files into the quarantine', async () => {
    const folder = await lab.folder({ 'evil.exe': 'MZ invented' });
    const here = join(folder, 'roster.csv');
    const said = await smb(
      'radiology',
      `ls; cd Dienstplan; get 2026-11.csv ${here}; lcd ${folder}; put evil.exe`,
      '-N',
    );
    expect(said.output).toContain('Zugaenge');
    expect(await readFile(here, 'utf8')).toContain('Hoffmann');
    const session = await house.session(({ protocol, samples }) => protocol === 'smb' && samples.length > 0);
    expect(session.samples[0]).toMatchObject({ name: 'evil.exe', kind: 'Windows program' });
    expect(session.techniques).toContain('T1005');
  });

  it('lists its shares for smbclient', async () => {
    const { output } = await run('smbclient', ['-L', '//127.0.0.1', '-p', String(port.smb), '-N']);
    expect(output).toMatch(/radiology\s+Disk\s+Radiology department/);
  });

  it('notes who logs on to a share', async () => {
    await smb('public', 'ls', '-U', 'CLINIC/radadmin%Winter2026');
    const session = await house.session(({ events }) =>
      events.some(({ data }) => String(data?.user).endsWith('radadmin')),
    );
    expect(JSON.stringify(session)).not.toContain('Winter2026');
  });

  it('speaks FTP with curl and ftp, and opens no connection for active mode', async () => {
    const url = `ftp://127.0.0.1:${port.ftp}`;
    expect((await run('curl', ['-s', `${url}/`])).output).toContain('README.txt');
    expect((await run('curl', ['-s', `${url}/README.txt`])).output).toContain('Exchange folder');
    const folder = await lab.folder({ 'dropped.sh': '#!/bin/sh\necho invented\n' });
    expect((await run('curl', ['-s', '-T', join(folder, 'dropped.sh'), `${url}/scans/`])).status).toBe(0);
    await house.session(({ protocol, samples }) => protocol === 'ftp' && samples.some(({ kind }) => kind === 'script'));
    const active = await run('curl', ['-s', '-m', '8', '--disable-eprt', '-P', '-', `${url}/`]);
    expect(active.status).not.toBe(0);
    await house.session(({ events }) =>
      events.some(({ kind, text }) => kind === 'reach-out' && text.includes('data connection')),
    );
    const typed = await run(
      'ftp',
      ['-inv', '127.0.0.1', String(port.ftp)],
      'user scan wrong\nuser scan scan\nls\nbye\n',
    );
    expect(typed.output).toContain('Login incorrect');
    expect(typed.output).toContain('README.txt');
  });
});

describe('the database', () => {
  it('lets a client with a weak account read invented patients', async () => {
    const client = ['-h', '127.0.0.1', '-P', String(port.mysql), '-u', 'ris', '-pguess', '--skip-ssl'];
    const { output } = await run('mariadb', [
      ...client,
      '-e',
      "show databases; select * from radiology.patient where family_name='Zzyzx' limit 3",
    ]);
    expect(output).toContain('radiology');
    expect(output).toMatch(/birth_date/);
    const session = await house.session(
      ({ protocol, events }) => protocol === 'mysql' && events.some(({ kind }) => kind === 'query'),
    );
    expect(JSON.stringify(session)).not.toContain('Zzyzx');
    const wrong = await run('mariadb', [
      '-h',
      '127.0.0.1',
      '-P',
      String(port.mysql),
      '-u',
      'admin',
      '-px',
      '--skip-ssl',
      '-e',
      'select 1',
    ]);
    expect(wrong.output).toContain('Access denied');
  });
});

describe('the greetings', () => {
  it('are what they pretend to be in the eyes of nmap', async () => {
    const ports = ['ftp', 'mysql', 'vnc', 'rdp'].map((name) => port[name]).join(',');
    const { output } = await run('nmap', ['-Pn', '-sV', '-sT', '--version-intensity', '7', '-p', ports, '127.0.0.1']);
    expect(output).toMatch(/ftp\s+vsftpd 3\.0\.3/);
    expect(output).toMatch(/mysql\s+MySQL 8\.0\.36/);
    expect(output).toMatch(/vnc\s+VNC \(protocol 3\.8\)/);
    expect(output).toMatch(new RegExp(`${port.rdp}/tcp open\\s+ms-wbt-server`));
  });

  it('of VNC lets vncsnapshot try a password, and nobody in', async () => {
    const folder = await lab.folder();
    const password = join(folder, 'password');
    await writeFile(password, Buffer.from('0123456789abcdef', 'hex'));
    const snapshot = join(folder, 'screen.jpg');
    const { status, output } = await run('vncsnapshot', [
      '-passwd',
      password,
      `127.0.0.1:${(port.vnc ?? 0) - 5900}`,
      snapshot,
    ]);
    expect(status).not.toBe(0);
    expect(output).toMatch(/authentication failed/i);
    await house.session(({ protocol, logOns, endedAt }) => protocol === 'vnc' && logOns === 1 && endedAt !== null);
  });

  it('of a remote desktop wants network level authentication of xfreerdp, and notes who asks', async () => {
    // It wants a screen, though it shows nothing.
    const screen = await freePort();
    await lab.start('/usr/bin/Xtigervnc', [':77', '-rfbport', String(screen), '-SecurityTypes', 'None'], screen);
    const target = [`/v:127.0.0.1:${port.rdp}`, '/u:clerk', '/p:winter2026', '/cert:ignore', '+auth-only'];
    const { status } = await run('env', ['DISPLAY=:77', 'xfreerdp', ...target]);
    expect(status).not.toBe(0);
    await house.session(({ events }) => events.some(({ text }) => text === 'asked for a remote desktop as clerk'));
  });

  it('of VNC lets nobody in, whatever is answered', async () => {
    const socket = connect(port.vnc ?? 0, '127.0.0.1');
    const said: Buffer[] = [];
    socket.on('data', (bytes) => {
      said.push(bytes);
      if (said.length === 1) socket.write('RFB 003.008\n');
      else if (bytes.length <= 2) socket.write(Buffer.from([2]));
      else if (bytes.length === 16) socket.write(Buffer.alloc(16, 7));
    });
    await new Promise((done) => socket.on('close', done));
    expect(Buffer.concat(said).toString('latin1')).toContain('Authentication failure');
    await house.session(({ protocol, logOns }) => protocol === 'vnc' && logOns === 1);
  });
});

describe('the controller of the building', () => {
  it('answers Modbus and notes who writes', async () => {
    const socket = connect(port.modbus ?? 0, '127.0.0.1');
    const answers: Buffer[] = [];
    socket.on('data', (bytes) => answers.push(bytes));
    socket.write(Buffer.from('000100000006010300000002', 'hex'));
    socket.write(Buffer.from('000200000006010600050063', 'hex'));
    socket.write(Buffer.from('000300000005012b0e0100', 'hex'));
    await expect.poll(() => Buffer.concat(answers).toString('latin1')).toContain('AHU-200');
    socket.end();
    const all = Buffer.concat(answers);
    expect(all.subarray(0, 9).toString('hex')).toBe('000100000007010304');
    const session = await house.session(({ protocol }) => protocol === 'modbus');
    expect(session.events.map(({ text }) => text)).toEqual([
      'read holding registers',
      'write a register',
      'read device identification',
    ]);
    expect(session.techniques).toContain('T1565.001');
  });

  it('is read and written by pymodbus', async () => {
    const script = [
      'from pymodbus.client import ModbusTcpClient',
      'from pymodbus.mei_message import ReadDeviceInformationRequest',
      `client = ModbusTcpClient('127.0.0.1', port=${port.modbus})`,
      'client.connect()',
      'print(len(client.read_holding_registers(0, 2, slave=1).registers))',
      'print(client.write_register(5, 99, slave=1).isError())',
      'print(client.execute(ReadDeviceInformationRequest(read_code=1, unit=1)).information)',
      'client.close()',
    ].join('\n');
    const { output } = await run('/usr/bin/python3', ['-c', script]);
    expect(output).toMatch(/^2\nFalse\n/);
    expect(output).toContain('AHU-200');
  });

  it('tells a BACnet client who made it', async () => {
    const BacnetClient = 'default' in bacnet ? bacnet.default : bacnet;
    const own = { port: await freePort(), interface: '127.0.0.1', broadcastAddress: '127.0.0.1' };
    const client = new BacnetClient(own);
    try {
      const answer = await client.readProperty(
        { address: `127.0.0.1:${port.bacnet}` },
        { type: 8, instance: 4_194_303 },
        PropertyIdentifier.VENDOR_NAME,
      );
      expect(answer.values[0]?.value).toBe('Example Controls');
    } finally {
      client.close();
    }
  });

  it('says over BACnet who it is', async () => {
    const socket = createSocket('udp4');
    const answers: Buffer[] = [];
    socket.on('message', (bytes) => answers.push(bytes));
    socket.send(Buffer.from('810b000801001008', 'hex'), port.bacnet, '127.0.0.1');
    socket.send(Buffer.from('810a001101040005010c0c023fffff1979', 'hex'), port.bacnet, '127.0.0.1');
    await expect.poll(() => answers.length).toBe(2);
    socket.close();
    expect(answers[0]?.toString('hex')).toMatch(/^810a001501001000c402030ee1/);
    expect(answers[1]?.toString('latin1')).toContain('Example Controls');
    const sessions = () => house.ask<{ items: unknown[] }>('listDecoySessions', { query: { protocol: 'bacnet' } });
    await expect.poll(async () => (await sessions()).items.length).toBe(2);
  });
});
