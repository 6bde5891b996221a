import { describeActuatorContract } from '../../contract/actuator.contract.ts';
import type { ActuatorCommand } from '../../contract/actuator.ts';
import type { OpenC2Command } from '../../openc2/command.ts';
import { type RecordedAnswer, type RecordedRequest, RecordedServer } from '../../testing/recorded-server.ts';
import { secretsOf } from '../../testing/ssh-server.ts';
import { proxmox } from './proxmox.ts';

const TOKEN = 'sphinx@pve!actions=secret';

/** Proxmox VE as its API viewer documents it: each change is a task that runs for a while. */
function buildProxmox() {
  const machines = new Map([
    [
      100,
      {
        disk: 'encrypted by ransomware',
        parent: 'monday',
        snapshots: new Map([['monday', { time: 1_700_000_000, disk: 'good', parent: '' }]]),
      },
    ],
    [
      101,
      {
        disk: 'good',
        parent: 'sunday',
        snapshots: new Map([['sunday', { time: 1_600_000_000, disk: 'good', parent: '' }]]),
      },
    ],
  ]);
  const tasks = new Map<string, number>();
  const task = () => {
    const upid = `UPID:pve:${tasks.size}:qmsnapshot:root@pam:`;
    tasks.set(upid, 0);
    return { status: 200, body: { data: upid } };
  };
  const answer = ({ what, headers, body }: RecordedRequest): RecordedAnswer => {
    if (headers.authorization !== `PVEAPIToken=${TOKEN}`) return { status: 401 };
    const [, method = '', path = ''] = /^(\S+) \/api2\/json\/nodes\/pve(\/.+)$/.exec(decodeURIComponent(what)) ?? [];
    if (method === 'GET' && path === '/qemu')
      return { status: 200, body: { data: [...machines.keys()].map((vmid) => ({ vmid, status: 'running' })) } };
    const upid = /^\/tasks\/(UPID:[^/]+)\/status$/.exec(path)?.[1];
    if (upid !== undefined) {
      const asked = tasks.get(upid);
      if (method !== 'GET' || asked === undefined) return { status: 500 };
      tasks.set(upid, asked + 1);
      return {
        status: 200,
        body: { data: asked > 0 ? { status: 'stopped', exitstatus: 'OK' } : { status: 'running' } },
      };
    }
    const [, vmid, name, verb] = /^\/qemu\/(\d+)\/snapshot(?:\/([A-Za-z]\w{1,39})(\/rollback)?)?$/.exec(path) ?? [];
    const machine = machines.get(Number(vmid));
    if (machine === undefined) return { status: 500, body: { data: null } };
    if (name === undefined && method === 'GET') {
      const listed = [...machine.snapshots].map(([one, { time, parent }]) => ({
        name: one,
        snaptime: time,
        ...(parent === '' ? {} : { parent }),
      }));
      return {
        status: 200,
        body: { data: [...listed, { name: 'current', digest: 'x', running: 1, parent: machine.parent }] },
      };
    }
    if (name === undefined && method === 'POST') {
      const form = new URLSearchParams(body);
      const snapname = form.get('snapname') ?? '';
      if (!/^[A-Za-z]\w{1,39}$/.test(snapname) || machine.snapshots.has(snapname)) return { status: 500 };
      machine.snapshots.set(snapname, { time: 1_790_000_000, disk: machine.disk, parent: machine.parent });
      machine.parent = snapname;
      return task();
    }
    const snapshot = machine.snapshots.get(name ?? '');
    if (snapshot === undefined) return { status: 500 };
    if (method === 'POST' && verb !== undefined) {
      machine.disk = snapshot.disk;
      machine.parent = name ?? '';
      return task();
    }
    if (method !== 'DELETE' || verb !== undefined) return { status: 501 };
    machine.snapshots.delete(name ?? '');
    if (machine.parent === name) machine.parent = snapshot.parent;
    return task();
  };
  return { machines, answer };
}

function commandOf(id: string, command: OpenC2Command): ActuatorCommand {
  return { id, command, addresses: [], macAddresses: [], keptFlows: [] };
}
const service = (name: string) => ({ 'x-sphinx:service': { name } });

for (const action of ['copy', 'restore'] as const) {
  describeActuatorContract(`Proxmox VE (${action}), as documented,`, async () => {
    const product = buildProxmox();
    const server = await RecordedServer.start(product.answer);
    const machines = { archive: 100, records: 101 };
    const open = (url: string, token = TOKEN) =>
      proxmox.open(
        'hypervisor',
        proxmox.settings.parse({ target: { url }, tokenSecret: 'token', node: 'pve', machines }),
        {
          secrets: secretsOf({ token }),
          now: () => 0,
        },
      );
    return {
      open: () => open(server.url),
      openAway: () => open('http://127.0.0.1:1'),
      openRefused: () => open(server.url, 'wrong'),
      command: commandOf('one', { action, target: service('archive') }),
      other: commandOf('two', { action, target: service('records') }),
      hostile: ['__proto__', 'toString', '100', '../101'].map((name) =>
        commandOf(name, { action, target: service(name) }),
      ),
      state: async () =>
        JSON.parse(
          JSON.stringify(
            [...product.machines].map(([vmid, { disk, parent, snapshots }]) => [vmid, disk, parent, [...snapshots]]),
          ),
        ),
      stopsAfterMs: [0],
      dispose: () => server.stop(),
    };
  });
}
