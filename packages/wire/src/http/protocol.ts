import type { EvidenceDraft, Protocol } from '../protocol.ts';
import { detectHttp } from './detect.ts';
import { HttpParser } from './parse.ts';
import type { HttpExchange, HttpRecord } from './types.ts';

export const http: Protocol<HttpRecord> = {
  id: 'http',
  title: 'HTTP/1',
  standards: ['RFC 9110', 'RFC 9112'],
  transports: ['tcp'],
  usualPorts: [80, 8080, 8000, 8042, 8888, 3000, 5000],
  isEncrypted: false,
  isClinical: false,
  detect: detectHttp,
  createStreamParser: (context) => new HttpParser(context),
  evidence: (record) => (record.protocol === 'http' ? httpEvidence(record) : []),
};

function httpEvidence(exchange: HttpExchange): readonly EvidenceDraft[] {
  const isSuccess = exchange.status !== undefined && exchange.status >= 200 && exchange.status < 300;
  return [
    ...some('http.user-agent', exchange.userAgent, 'client'),
    ...some('http.client.header-order', exchange.headerOrder, 'client'),
    ...some('http.server', exchange.server, 'server'),
    ...some('http.powered-by', exchange.poweredBy, 'server'),
    ...some('http.host', exchange.host, 'server'),
    ...some('http.basic-realm', exchange.realm, 'server'),
    ...some('http.title', exchange.title, 'server'),
    ...(isSuccess ? some('http.authentication', exchange.authorization, 'server') : []),
  ];
}

function some(attribute: string, value: string, about: 'client' | 'server'): EvidenceDraft[] {
  return value === '' ? [] : [{ attribute, value, about }];
}
