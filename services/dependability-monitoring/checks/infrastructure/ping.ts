import { execFile } from 'node:child_process';
import { isIP } from 'node:net';
import { type Check, type CheckAnswer, failed, good } from '../check.ts';

const MS_PER_SECOND = 1000;

/** One echo request by the program of this machine: Node.js opens no ICMP socket. */
export const ping: Check = (context) => {
  const seconds = Math.max(1, Math.floor(context.left() / MS_PER_SECOND) - 1);
  if (isIP(context.ip) === 0) return Promise.resolve(failed('It has no address.'));
  return new Promise((resolve) => {
    const timeout = context.left() + MS_PER_SECOND;
    execFile(
      'ping',
      ['-n', '-c', '1', '-W', String(seconds), context.ip],
      { timeout, env: { ...process.env, LC_ALL: 'C' } },
      (error, output) => resolve(judgePing(error === null ? 0 : error.code, output)),
    );
  });
};

/** @param code exit code of ping, or the error of the system that it could not start */
export function judgePing(code: number | string | null | undefined, output: string): CheckAnswer {
  if (code === 'ENOENT')
    return failed('The program ping is missing on this machine. Install it (Debian: iputils-ping).');
  const ms = /time[=<]([\d.]+) ?ms/.exec(output)?.[1];
  if (code === 0 && ms !== undefined) return good('It answers.', { pingMs: Number(ms) });
  return failed('It does not answer a ping.');
}
