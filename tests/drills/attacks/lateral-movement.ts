import { DECOY_IP, PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';
import { tool } from './talk.ts';

const SSH = [
  '-i',
  '/run/drill/stolen-key',
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'BatchMode=yes',
  '-o',
  'ConnectTimeout=2',
];
/** What answers on port 22 in the networks of the servers; the attacker does not know that one is a decoy. */
const SERVERS = [
  ...[PLACES.share, PLACES.backup].map(({ ip }) => ip),
  DECOY_IP,
  ...[PLACES.admin1, PLACES.admin2, PLACES.database, PLACES.record].map(({ ip }) => ip),
];

/** With a stolen key from one server to the next. */
export const lateralMovement: Drill = {
  id: 'lateral-movement',
  title: 'With a stolen key from a workstation to one server after the other',
  useCase: '3 Rootkit in a cancer institute',
  from: PLACES.station7,
  targets: [],
  mustDetect: /decoy|log(s)? on to many|lateral|machines/i,
  playbooks: [/machine to machine/, /^Isolate/, /^Micro/],
  steps: 40,
  everyMs: 600,
  async step(number) {
    const server = SERVERS[number % SERVERS.length] ?? DECOY_IP;
    const { code, output } = await tool('ssh', [...SSH, `root@${server}`, 'id; cat /etc/hostname']);
    // The decoy takes no key: it was reached all the same.
    return code === 0 || output.includes('Permission denied');
  },
};
