import { STATUS_CODES } from 'node:http';
import { maskTarget } from '@sphinx/wire/http-target';
import type { Conversation, Peer } from '../conversation.ts';
import { type HttpRequest, HttpRequestReader } from './request-reader.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Paths of requests that are attacks by themselves, with the technique of ATT&CK each shows. */
const EXPLOITS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\.\.[/\\%]|%2e%2e|%c0%ae/i, 'path traversal'],
  [/\$\{(jndi|::-|lower|env)/i, 'Log4Shell'],
  [/\(\)\s*\{\s*:?;?\s*\}\s*;/, 'Shellshock'],
  [/(union(\s|%20|\+)+select|'(\s|%20|\+)*or(\s|%20|\+)|sleep\(\d)/i, 'SQL injection'],
  [/<script|%3cscript|onerror=/i, 'script injection'],
  [/(;|\||%3b|%7c|`|\$\()(\s|%20|\+)*(wget|curl|nc|bash|sh|cat|id|uname)\b/i, 'command injection'],
  [
    /\/(cgi-bin|boaform|GponForm|HNAP1|setup\.cgi|shell\?|actuator|\.env|\.git|wp-login|phpmyadmin|manager\/html)/i,
    'looking for weak software',
  ],
];
const FETCHED = /(?:https?|ftp|tftp|ldaps?|rmi):\/\/[^\s'"<>`;|)&}]{4,300}/gi;
const MAXIMUM_URLS = 10;

/**
 * Speaks HTTP/1.1 for a decoy. Of a request the method, the path without what may name a patient and the names of its
 * parameters are noted.
 *
 * @param respond what the site says
 */
export function httpConversation(peer: Peer, respond: (request: HttpRequest) => HttpAnswer): Conversation {
  let isOver = false;
  const reader = new HttpRequestReader(
    (request) => {
      if (isOver) return;
      noteRequest(peer, request);
      const answer = respond(request);
      isOver = !isKeptAlive(request);
      send(peer, request, answer, isOver);
      if (isOver) peer.end();
    },
    () => {
      peer.note('malformed', 'sent what is no HTTP request');
      peer.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      peer.end();
    },
  );
  return { receive: (bytes) => reader.push(bytes) };
}

function noteRequest(peer: Peer, request: HttpRequest): void {
  const { method, target, headers, body, isBodyCut } = request;
  const { path, queryNames } = maskTarget(target);
  const agent = headers.get('user-agent');
  if (agent !== undefined) peer.note('client', agent.slice(0, 300), { software: agent.slice(0, 300) });
  const shown = queryNames.length === 0 ? path : `${path}?${queryNames.join('&')}`;
  const all = `${target} ${[...headers.values()].join(' ')} ${body.toString('latin1', 0, 16_384)}`;
  const exploit = EXPLOITS.find(([pattern]) => pattern.test(all))?.[1];
  peer.note('request', `${method} ${shown}`, {
    method,
    path: shown.slice(0, 500),
    bytes: body.length,
    ...(exploit === undefined ? {} : { exploit }),
  });
  const urls = exploit === undefined ? [] : [...new Set(all.match(FETCHED) ?? [])].slice(0, MAXIMUM_URLS);
  for (const url of urls) peer.note('fetch', `told to fetch ${url}`, { url });
  const type = headers.get('content-type') ?? '';
  const isForm = type.startsWith('application/x-www-form-urlencoded') || type.startsWith('application/json');
  if (body.length > 0 && !isForm && /^(POST|PUT|PATCH)$/.test(method)) {
    peer.note('upload', `${body.length} bytes of ${type.slice(0, 100) || 'no declared type'}`, { isCut: isBodyCut });
    peer.sample('body', body);
  }
}

function isKeptAlive({ version, headers }: HttpRequest): boolean {
  const connection = headers.get('connection')?.toLowerCase() ?? '';
  return version === 'HTTP/1.1' ? !connection.includes('close') : connection.includes('keep-alive');
}

function send(peer: Peer, { method, version }: HttpRequest, answer: HttpAnswer, isLast: boolean): void {
  const body = Buffer.from(answer.body, 'utf8');
  if (version === 'HTTP/0.9') {
    peer.send(body);
    return;
  }
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`.trimEnd(),
    `Date: ${new Date(peer.now()).toUTCString()}`,
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, ' ')}`),
    `Content-Length: ${body.length}`,
    `Connection: ${isLast ? 'close' : 'keep-alive'}`,
  ];
  peer.send(`${lines.join('\r\n')}\r\n\r\n`);
  if (method !== 'HEAD') peer.send(body);
}
