import { DecoyHouse } from './decoy-house.ts';
import type { ToProcess } from './messages.ts';
import { forbidOutbound } from './outbound-guard.ts';

// The process in which all decoys stand. Started by decoy-process-host.ts under Node's permission model: it reads the program's
// own files and nothing else, writes none, starts nothing. Its only ways are sockets that strangers called, and the channel to
// the service.

const sendDatagram = forbidOutbound();
const house = new DecoyHouse((message) => void process.send?.(message), sendDatagram);

process.on('message', (message: ToProcess) => house.take(message));
// Without its service it has nothing to live for.
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
