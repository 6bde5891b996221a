import type { ProbeContext } from '../probe.ts';

/** @returns a request of HTTP/1.1 that asks for nothing to be kept open (RFC 9110, RFC 9112) */
export function httpRequest(
  { ip, port, isTls }: Pick<ProbeContext, 'ip' | 'port' | 'isTls'>,
  method: 'GET' | 'HEAD',
  path: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const isUsualPort = port === (isTls ? 443 : 80);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `${method} ${path.replaceAll(/[^\x21-\x7e]/g, '')} HTTP/1.1\r\nHost: ${host}${isUsualPort ? '' : `:${port}`}\r\n` +
    `User-Agent: SPHINX\r\nAccept: */*\r\nConnection: close\r\n${lines.join('')}\r\n`
  );
}
