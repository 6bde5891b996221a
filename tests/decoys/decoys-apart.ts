import { House } from '../../services/honeypots/test-house.ts';

// Decoys on their usual ports, in a process that can stand in a network namespace. It ends when its input does.

const house = await House.open();
const add = (persona: string, ports: Readonly<Record<string, number>> = {}) =>
  house.ask('addDecoy', { body: { persona, addresses: ['0.0.0.0'], ports } });
await add('pacs-archive');
await add('interface-engine', { 22: 2222 });
process.stdin.on('end', () => void house.close().then(() => process.exit())).resume();
