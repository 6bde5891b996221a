import { House } from '../../services/honeypots/test-house.ts';

// Decoys on their usual ports, in a process that can stand in a network namespace. It ends when its input does. Parameters are the
// addresses; without one they stand on all of it.

const given = process.argv.slice(2);
const addresses = given.length === 0 ? ['0.0.0.0'] : given;
const house = await House.open();
const add = (persona: string, ports: Readonly<Record<string, number>> = {}) =>
  house.ask('addDecoy', { body: { persona, addresses, ports } });
await add('pacs-archive');
await add('interface-engine', { 22: 2222 });
process.stdin.on('end', () => void house.close().then(() => process.exit())).resume();
