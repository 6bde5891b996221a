import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';

const QUESTIONS = 8;

/** Data leaves in the names that are asked of DNS, and orders come back in the answers. */
export const dnsTunnel: Drill = {
  id: 'dns-tunnel',
  title: 'Data leaves through DNS',
  useCase: '14 Zero-day attack on eHealth services',
  from: PLACES.station6,
  targets: [PLACES.names],
  mustDetect: /DNS/i,
  playbooks: [/name system/, /talks to an attacker/, /^Isolate/, /^Micro/],
  steps: 60,
  everyMs: 400,
  async step() {
    const socket = createSocket('udp4');
    let answers = 0;
    socket.on('message', () => {
      answers += 1;
    });
    for (let at = 0; at < QUESTIONS; at += 1) {
      const labels = [randomBytes(25).toString('hex'), randomBytes(20).toString('hex'), 'sync', 'updates-drill', 'com'];
      const name = Buffer.concat(
        labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
      );
      const head = Buffer.from([...randomBytes(2), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
      socket.send(Buffer.concat([head, name, Buffer.from([0, 0, 16, 0, 1])]), 53, PLACES.names.ip);
    }
    await Promise.race([until(() => answers > 0), pause(1500)]);
    socket.close();
    await once(socket, 'close');
    return answers > 0;
  },
};

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(20);
}
