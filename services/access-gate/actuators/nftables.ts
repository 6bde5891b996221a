import { execFile } from 'node:child_process';
import { isIPv4, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import type { Actuator, DecidedAccess } from './actuator.ts';

const run = promisify(execFile);
const LIMIT_MS = 5000;

/** Runs `nft` with these arguments. */
export type RunNft = (parameters: readonly string[]) => Promise<unknown>;

/**
 * Keeps the addresses of devices in quarantine in a named set of nftables on this machine, for a rule of the hospital's own to
 * use. Nothing but elements of that set is touched.
 *
 * @param set family, table and name: `inet filter sphinx_quarantine`
 */
export function nftablesActuator(
  set: string,
  runNft: RunNft = (parameters) => run('nft', [...parameters], { timeout: LIMIT_MS }),
): Actuator {
  const [family = '', table = '', name = ''] = set.split(' ');
  return {
    name: 'nftables',
    async apply({ device, decision: { done } }: DecidedAccess) {
      const isOut = done.network === 'quarantine';
      for (const ip of device.ips.filter((one) => isIPv4(one) || isIPv6(one))) {
        const element = ['element', family, table, name, `{ ${ip} }`];
        if (isOut) await runNft(['add', ...element]);
        // What is not in the set cannot be taken out of it: that is no fault.
        else await runNft(['delete', ...element]).catch(ignoreMissing);
      }
    },
  };
}

function ignoreMissing(error: unknown): void {
  const text = String((error as { stderr?: string }).stderr ?? error);
  if (!/No such file or directory/.test(text)) throw error;
}
