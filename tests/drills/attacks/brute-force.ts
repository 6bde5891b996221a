import { PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';
import { tool } from './talk.ts';

const SSH = [
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'NumberOfPasswordPrompts=1',
  '-o',
  'ConnectTimeout=2',
  '-o',
  'PubkeyAuthentication=no',
];

/** Passwords are tried on a server, one after the other. */
export const bruteForce: Drill = {
  id: 'brute-force',
  title: 'Passwords are tried on a server',
  useCase: '12 Hacking health IT systems',
  from: PLACES.station5,
  targets: [PLACES.admin1],
  mustDetect: /log on again and again|brute|password|failed|log-on/i,
  playbooks: [/used by somebody else/, /looks around/, /^Isolate/, /^Micro/],
  steps: 60,
  everyMs: 300,
  async step(number) {
    const { code, output } = await tool('sshpass', [
      '-p',
      `Winter${2000 + number}`,
      'ssh',
      ...SSH,
      `root@${PLACES.admin1.ip}`,
      'true',
    ]);
    // Refused: the server was asked.
    return code === 0 || output.includes('Permission denied');
  },
};
