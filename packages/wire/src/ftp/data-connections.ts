import type { ExpectedTransfer } from '../detection/expected-flows.ts';
import { baseName } from '../files/file-name.ts';
import type { ParserContext } from '../protocol.ts';
import type { FtpDataPort } from './types.ts';

/** Commands that transfer a file (RFC 959 §4.1.3); others use the connection for listings. */
const TRANSFERS = new Set(['RETR', 'STOR', 'STOU', 'APPE']);
const LISTINGS = new Set(['LIST', 'NLST', 'MLSD']);

/** Follows what the control connection agrees on for data connections (RFC 959 §3.2, RFC 2428). */
export class DataConnections {
  readonly #context: Pick<ParserContext, 'expect'>;
  #transfer: ExpectedTransfer = { name: '' };

  constructor(context: Pick<ParserContext, 'expect'>) {
    this.#context = context;
  }

  /** @param command in capitals. @returns where the client waits for a data connection */
  command(command: string, argument: string): FtpDataPort | undefined {
    if (command === 'PORT') return this.#expect('client', portOfList(argument));
    if (command === 'EPRT') {
      return this.#expect('client', Number(/^(.)\d\1[^|]*\1(\d{1,5})\1/.exec(argument)?.[2] ?? 0));
    }
    if (TRANSFERS.has(command)) {
      this.#transfer.name = baseName(argument.trim()) || 'unnamed';
      this.#transfer.command = command;
    } else if (LISTINGS.has(command)) {
      this.#transfer.name = '';
      this.#transfer.command = command;
    }
    return undefined;
  }

  /** @returns where the server waits for a data connection */
  reply(line: string): FtpDataPort | undefined {
    if (line.startsWith('227')) return this.#expect('server', portOfList(line.slice(4)));
    if (line.startsWith('229')) {
      return this.#expect('server', Number(/\((.)\1\1(\d{1,5})\1\)/.exec(line)?.[2] ?? 0));
    }
    return undefined;
  }

  /** Addresses that are announced are not trusted: behind a translator they are wrong, and an attacker may name any. */
  #expect(end: 'client' | 'server', port: number): FtpDataPort | undefined {
    if (port < 1 || port > 65_535) return undefined;
    this.#transfer = { name: '' };
    this.#context.expect?.({ end, port, room: 'ftp-data', transfer: this.#transfer });
    return { mode: end === 'client' ? 'active' : 'passive', port };
  }
}

/** `h1,h2,h3,h4,p1,p2` (RFC 959 §4.1.2). */
function portOfList(text: string): number {
  const match = /\d{1,3},\d{1,3},\d{1,3},\d{1,3},(\d{1,3}),(\d{1,3})/.exec(text);
  return match === null ? 0 : Number(match[1]) * 256 + Number(match[2]);
}
