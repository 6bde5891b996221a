import dgram from 'node:dgram';
import dns from 'node:dns';
import net, { isIP } from 'node:net';

/**
 * Takes away from this process every way that Node.js has to open a connection: decoys are called and call nobody. Code of a
 * decoy has no such call; this is for the day on which somebody finds a way to make it have one. Together with the permission
 * model (no files written, no programs, no threads, no add-ons) it is what the process of decoys runs under.
 *
 * Answers of UDP are sent with the function that this returns, to whoever was heard from.
 */
export function forbidOutbound(): typeof dgram.Socket.prototype.send {
  const refuse = () => {
    throw new Error('A decoy connects to nobody.');
  };
  const answer = dgram.Socket.prototype.send;
  net.Socket.prototype.connect = refuse as never;
  dgram.Socket.prototype.connect = refuse as never;
  dgram.Socket.prototype.send = refuse as never;
  for (const module of [dns, dns.promises] as unknown as Record<string, unknown>[]) {
    for (const name of Object.keys(module)) {
      if (/^(lookup|resolve|reverse)/.test(name)) module[name] = refuse;
    }
  }
  dns.lookup = takeLiteral as never;
  for (const name of ['fetch', 'WebSocket', 'EventSource']) {
    Object.defineProperty(globalThis, name, { value: refuse, writable: false, configurable: false });
  }
  return answer;
}

/** In place of `dns.lookup`, which listening asks for its own address: addresses are taken as they are, names have none. */
function takeLiteral(
  host: string,
  options: { readonly all?: boolean } | undefined,
  done: (error: Error | null, address?: unknown, family?: number) => void,
): void {
  const family = isIP(host);
  if (family === 0) process.nextTick(done, new Error('A decoy looks no name up.'));
  else if (options?.all === true) process.nextTick(done, null, [{ address: host, family }]);
  else process.nextTick(done, null, host, family);
}
