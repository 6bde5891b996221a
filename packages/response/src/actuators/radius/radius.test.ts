import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actuator, ActuatorCommand } from '../../contract/actuator.ts';
import type { OpenC2Command } from '../../openc2/command.ts';
import { freePort, secretsOf } from '../../testing/ssh-server.ts';
import { buildRequest, COA_REQUEST, readAnswer } from './dynamic-authorization.ts';
import { radius } from './radius.ts';

const signal = new AbortController().signal;
const SECRET = 'shared with the switch';
const PUMP = '00:09:fb:01:02:03';

let folder: string;
let port: number;
let server: ChildProcess;

/** A FreeRADIUS that takes changes, writes down what it was told, and knows no session of the address of zeros. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-radius-'));
  port = await freePort();
  await writeFile(join(folder, 'dictionary'), '');
  await writeFile(
    join(folder, 'radiusd.conf'),
    `
prefix = /usr
libdir = /usr/lib/freeradius
logdir = ${folder}
run_dir = ${folder}
raddbdir = ${folder}
client sphinx {
  ipaddr = 127.0.0.1
  secret = "${SECRET}"
}
modules {
  detail told {
    filename = ${folder}/told
  }
  always ok {
    rcode = ok
  }
  always reject {
    rcode = reject
  }
}
server changes {
  listen {
    type = coa
    ipaddr = 127.0.0.1
    port = ${port}
    virtual_server = changes
  }
  recv-coa {
    told
    if (&Calling-Station-Id == "00-00-00-00-00-00") {
      update reply {
        Error-Cause := 503
      }
      reject
    }
    if (&User-Name == "forbidden") {
      update reply {
        Error-Cause := 501
      }
      reject
    }
    ok
  }
  send-coa {
    ok
  }
}
`,
  );
  server = spawn('/usr/sbin/freeradius', ['-f', '-l', 'stdout', '-d', folder, '-n', 'radiusd'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for await (const part of server.stdout ?? []) {
    said += String(part);
    if (/Ready to process requests/.test(said)) break;
  }
  if (!/Ready/.test(said)) throw new Error(said);
});
afterAll(async () => {
  server.kill('SIGKILL');
  await once(server, 'exit');
  await rm(folder, { recursive: true });
});

function open(more: object = {}, secret = SECRET): Actuator {
  const settings = radius.settings.parse({
    host: '127.0.0.1',
    port,
    sharedSecret: 'switch',
    quarantineVlan: '666',
    ...more,
  });
  return radius.open('switches', settings, { secrets: secretsOf({ switch: secret }), now: () => Date.now() });
}

function commandOf(command: OpenC2Command, macAddresses: readonly string[] = []): ActuatorCommand {
  return { id: 'run/step', command, addresses: [], macAddresses, keptFlows: [] };
}

async function told(): Promise<string> {
  const text = await readFile(join(folder, 'told'), 'utf8');
  await writeFile(join(folder, 'told'), '');
  return text;
}

describe('RADIUS change of authorization', () => {
  it('moves a device to the quarantine VLAN, and ends its session when that is taken back', async () => {
    const command = commandOf({ action: 'contain', target: { device: { device_id: 'pump' } } }, [PUMP]);
    const preparation = await open().prepare(command, signal);
    expect(preparation.effects.join()).toContain('VLAN 666');
    await open().apply(command, preparation, signal);
    const moved = await told();
    expect(moved).toContain('Packet-Type = CoA-Request');
    expect(moved).toContain('Calling-Station-Id = "00-09-FB-01-02-03"');
    expect(moved).toContain('Tunnel-Private-Group-Id:0 = "666"');
    expect(moved).toMatch(
      /Tunnel-Type:0 = VLAN[\s\S]*Tunnel-Medium-Type:0 = IEEE-802|Tunnel-Medium-Type:0 = IEEE-802[\s\S]*VLAN/,
    );
    expect(await open().verify(command, preparation, signal)).toBe('unknown');
    await open().undo(command, preparation, signal);
    expect(await told()).toContain('Packet-Type = Disconnect-Request');
  });

  it('ends the sessions of an account, whatever it is called', async () => {
    const command = commandOf({ action: 'delete', target: { 'x-sphinx:sessions': { account: 'o"neill\\ %{1}' } } });
    await open().apply(command, await open().prepare(command, signal), signal);
    expect(await told()).toContain('User-Name = "o\\"neill\\\\ %{1}"');
  });

  it('says why a switch refuses, and takes a session that is not there for one that has ended', async () => {
    const forbidden = commandOf({ action: 'delete', target: { 'x-sphinx:sessions': { account: 'forbidden' } } });
    await expect(open().apply(forbidden, await open().prepare(forbidden, signal), signal)).rejects.toThrow(
      /forbidden there/,
    );
    const gone = commandOf({ action: 'restart', target: { device: { device_id: 'x' } } }, ['00:00:00:00:00:00']);
    expect((await open().apply(gone, await open().prepare(gone, signal), signal)).summary).toMatch(/no such session/);
  });

  it('knows whether the switch is there and shares the secret', async () => {
    expect((await open().check(signal)).isReady).toBe(true);
    const stopping = AbortSignal.timeout(300);
    expect((await open({}, 'another').check(stopping)).message).toMatch(/does not answer/);
    expect((await open({ port: 1 }).check(AbortSignal.timeout(300))).isReady).toBe(false);
  });

  it('refuses to guess a device, a VLAN or a name that is too long', async () => {
    const nobody = commandOf({ action: 'contain', target: { device: { device_id: 'pump' } } });
    await expect(open().prepare(nobody, signal)).rejects.toThrow(/hardware address/);
    const pump = commandOf({ action: 'contain', target: { mac_addr: PUMP } });
    await expect(open({ quarantineVlan: undefined }).prepare(pump, signal)).rejects.toThrow(/quarantineVlan/);
    const long = commandOf({ action: 'delete', target: { 'x-sphinx:sessions': { account: 'ü'.repeat(200) } } });
    await expect(open().apply(long, await open().prepare(long, signal), signal)).rejects.toThrow(/longer/);
  });

  it('believes no answer of somebody who does not know the secret, whatever it holds', () => {
    const request = buildRequest(COA_REQUEST, 7, [], SECRET);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 255 }), (bytes, code) => {
        const forged = Buffer.concat([Buffer.from([code, 7, 0, bytes.length + 4]), bytes]);
        return readAnswer(forged, request, SECRET) === undefined && readAnswer(bytes, request, SECRET) === undefined;
      }),
    );
  });
});
