import { PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';
import { reaches, tool } from './talk.ts';

const PORTS = [445, 80, 3389];
const SSH = [
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'NumberOfPasswordPrompts=1',
  '-o',
  'ConnectTimeout=1',
  '-o',
  'PubkeyAuthentication=no',
];
const NETWORKS = ['10.77.30', '10.77.40', '10.77.50', '10.77.25'];

/** A private device in the guests' network looks for whatever answers, and tries a password on it as worms do. */
export const rogueDevice: Drill = {
  id: 'rogue-device',
  title: 'A private device scans the clinical networks',
  useCase: '9 Compromised personal device (BYOD)',
  from: PLACES.visitor,
  targets: [],
  mustDetect: /decoy|tries one port|scan|addresses/i,
  playbooks: [/private device/, /unknown device/, /looks around/, /^Isolate/, /^Micro/, /^Block/],
  steps: 60,
  everyMs: 500,
  async step(number) {
    const network = NETWORKS[number % NETWORKS.length];
    const first = 1 + ((Math.floor(number / NETWORKS.length) * 6) % 36);
    const hosts = Array.from({ length: 6 }, (_, at) => `${network}.${first + at}`);
    const tried = hosts.flatMap((host) => PORTS.map((port) => reaches(host, port)));
    const answering = await Promise.all(hosts.map(async (host) => ({ host, isShell: await reaches(host, 22) })));
    const found = await Promise.all(tried);
    const shells = answering.filter(({ isShell }) => isShell);
    await Promise.all(
      shells.map(({ host }) =>
        tool('sshpass', ['-p', 'admin', 'ssh', ...SSH, `root@${host}`, 'id'], { limitMs: 2000 }),
      ),
    );
    // Nothing may be in this part; what is always there tells whether the device is cut off.
    return found.includes(true) || shells.length > 0 || (await reaches(PLACES.share.ip, 445));
  },
};
