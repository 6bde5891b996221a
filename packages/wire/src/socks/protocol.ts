import type { Protocol } from '../protocol.ts';
import { detectSocks } from './detect.ts';
import { SocksParser } from './parse.ts';
import type { SocksRequest } from './types.ts';

export const socks: Protocol<SocksRequest> = {
  id: 'socks',
  title: 'SOCKS',
  standards: ['RFC 1928', 'RFC 1929', 'SOCKS 4 and 4a (protocol descriptions of NEC)'],
  transports: ['tcp'],
  usualPorts: [1080],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [4, 5],
  detect: detectSocks,
  createStreamParser: (context) => new SocksParser(context),
  evidence: ({ version, authentication, isGranted }) =>
    isGranted
      ? [
          { attribute: 'socks.version', value: version, about: 'server' },
          { attribute: 'socks.authentication', value: authentication, about: 'server' },
        ]
      : [],
};
