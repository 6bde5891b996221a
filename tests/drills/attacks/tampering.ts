import { crc } from '../../../packages/wire/src/alaris/message.ts';
import type { Hospital } from '../hospital/hospital.ts';
import { PLACES } from '../hospital/places.ts';
import { run } from '../hospital/programs.ts';
import type { Drill } from './drill.ts';
import { ask } from './talk.ts';

const PRESCRIBED = '12.5';
const DEADLY = '450.0';

const message = (...parts: readonly string[]) => {
  const text = parts.join('^');
  return `!${text}|${crc(Buffer.from(text)).toString(16).toUpperCase().padStart(4, '0')}\r`;
};

/** A workstation tells an infusion pump to run thirty-six times as fast. */
export const tampering: Drill = {
  id: 'tampering',
  title: 'An infusion pump is told from a workstation to run faster',
  useCase: '5 Tampering with medical devices',
  from: PLACES.station3,
  targets: [PLACES.pump1],
  mustDetect: /infusion pump/i,
  playbooks: [/told to change what it does/, /life-sustaining/, /^Isolate/, /^Micro/],
  steps: 40,
  everyMs: 700,
  async step() {
    return (await ask(PLACES.pump1.ip, 3001, message('INF_RATE', DEADLY), '\r')).includes(DEADLY);
  },
  async damage() {
    const { output } = await onGateway(message('INF_RATE'));
    return output.includes(`INF_RATE^${PRESCRIBED}^`) ? [] : ['the pump does not run as prescribed'];
  },
  async repair(_: Hospital) {
    await onGateway(message('INF_RATE', PRESCRIBED));
  },
};

/** A nurse does it at the pump; the drill does it from the gateway. */
function onGateway(text: string) {
  const talk = `const s = require('node:net').connect(3001, '${PLACES.pump1.ip}', () => s.write(process.argv[1]));
    s.on('data', (d) => { console.log(String(d)); process.exit(); }); setTimeout(() => process.exit(1), 2000);`;
  return run(PLACES.gateway, process.execPath, ['-e', talk, text]);
}
