import { execFile } from 'node:child_process';
import { isIPv4, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import type { Actuator, DecidedAccess } from './actuator.ts';

const run = promisify(execFile);
const LIMIT_MS = 5000;

/** Runs `nft` with these arguments. Rejects with its words in `stderr`. */
export type RunNft = (parameters: readonly string[]) => Promise<{ readonly stdout: string }>;

const KINDS = { ipv4_addr: isIPv4, ipv6_addr: isIPv6 } as const;

/**
 * Keeps the addresses of devices in quarantine in a named set of nftables on this machine, for a rule of the hospital's own to
 * use. Nothing but elements of that set is touched. A set holds addresses of one family; those of the other are left out.
 *
 * @param set family, table and name: `inet filter sphinx_quarantine`
 */
export function nftablesActuator(
  set: string,
  runNft: RunNft = (parameters) => run('nft', [...parameters], { timeout: LIMIT_MS }),
): Actuator {
  const place = set.split(' ');
  return {
    name: 'nftables',
    async apply({ device, decision: { done } }: DecidedAccess) {
      const isOut = done.network === 'quarantine';
      const isOfKind = KINDS[await kindOf(set, runNft)];
      const ips = device.ips.filter((ip) => isOfKind(ip));
      if (isOut && ips.length === 0) throw new Error(`The device has no address of the kind that "${set}" is for.`);
      for (const ip of ips) {
        const element = ['element', ...place, `{ ${ip} }`];
        if (isOut) await runNft(['add', ...element]);
        // What is not in the set cannot be taken out of it: that is no fault.
        else await runNft(['delete', ...element]).catch(ignoreMissing);
      }
    },
  };
}

/** @returns the type of address that a set is for. @throws Error where there is no such set */
async function kindOf(set: string, runNft: RunNft): Promise<keyof typeof KINDS> {
  const listed = await runNft(['list', 'set', ...set.split(' ')]).catch((error: unknown) => {
    if (isMissing(error)) throw new Error(`There is no set "${set}" in nftables of this machine.`);
    throw error;
  });
  const type = /\btype (ipv[46]_addr)\b/.exec(listed.stdout)?.[1];
  if (type !== 'ipv4_addr' && type !== 'ipv6_addr')
    throw new Error(`The set "${set}" is for something else than addresses.`);
  return type;
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function isMissing(error: unknown): boolean {
  const text = String((error as { stderr?: string }).stderr ?? error);
  return /No such file or directory/.test(text);
}
