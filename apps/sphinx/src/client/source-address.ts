import { readFile } from 'node:fs/promises';
import { SphinxError } from '@sphinx/platform/errors';

/** What an address alone does not tell, or must not. */
export interface AddressOptions {
  readonly key?: string;
  readonly hostKey?: string;
  readonly passwordFile?: string;
  readonly sudo?: boolean;
}

const ADDRESS = /^([a-z-]+):\/\/(?:([^@/]+)@)?(\[[^\]]+\]|[^:/]*)(?::(\d+))?(?:\/(.*))?$/i;

/** @returns whether a text names a listener or another machine, and no file */
export function isSourceAddress(text: string): boolean {
  return /^[a-z-]+:\/\//i.test(text);
}

/**
 * The request for a source that an address names, for example `flows://:2055` or `ssh://monitor@gateway/eth1`.
 *
 * @throws SphinxError SPX_INVALID_INPUT when it names none
 */
export async function parseSourceAddress(text: string, options: AddressOptions): Promise<object> {
  const [, scheme = '', user, hostText = '', portText, rest = ''] = ADDRESS.exec(text) ?? [];
  const host = hostText.replace(/^\[|\]$/g, '');
  const place = {
    ...(host === '' ? {} : { host }),
    ...(portText === undefined ? {} : { port: Number(portText) }),
    ...(user === undefined ? {} : { user }),
  };
  switch (scheme.toLowerCase()) {
    case 'flows':
      return { kind: 'flow-exports', ...place };
    case 'records':
      return rest === '' ? { kind: 'records', ...place } : { kind: 'records', path: `/${rest}` };
    case 'pcap-server':
      return { kind: 'packet-server', ...place };
    case 'pcap':
      return { kind: 'packet-client', ...place };
    case 'rpcap':
      return { kind: 'rpcap', ...place, interface: rest, ...(await optional('password', options.passwordFile)) };
    case 'ssh': {
      if (options.key === undefined) {
        throw new SphinxError('SPX_INVALID_INPUT', 'Capturing over SSH needs a private key: --key FILE.');
      }
      const secrets = {
        ...(await optional('privateKey', options.key)),
        ...(await optional('hostKey', options.hostKey)),
      };
      return { kind: 'ssh', ...place, interface: rest, usesSudo: options.sudo === true, ...secrets };
    }
    default:
      throw new SphinxError('SPX_INVALID_INPUT', `"${text}" is no address of a source. ${FORMS}`);
  }
}

const FORMS =
  'Known are flows://:2055, records://:5140, records:///run/eve.sock, pcap://HOST:PORT, pcap-server://:57012, ' +
  'rpcap://USER@HOST/INTERFACE and ssh://USER@HOST/INTERFACE.';

async function optional(name: string, file: string | undefined): Promise<object> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch(() => {
    throw new SphinxError('SPX_NOT_FOUND', `There is no file ${file}.`);
  });
  // A key ends with its line end; a password and a host key are one line.
  return { [name]: name === 'privateKey' ? text : text.trimEnd() };
}
