import { hasText, word32 } from '../bytes/match.ts';
import { draft } from '../datagram-room.ts';
import { defineFramedRoom } from '../framed-room.ts';
import { frameLength, HEADER_BYTES, MAXIMUM_FRAME_BYTES, PREFACE, SETTINGS } from './frame.ts';
import { Http2Reader } from './reader.ts';
import type { Http2Record } from './types.ts';

export const http2 = defineFramedRoom<Http2Record>({
  id: 'http2',
  title: 'HTTP/2',
  standards: ['RFC 9113 §3.4 (preface), §4 to §6 (frames), §8 (messages)', 'RFC 7541 (HPACK)'],
  transports: ['tcp'],
  usualPorts: [80, 8080],
  headerBytes: HEADER_BYTES,
  maximumBytes: HEADER_BYTES + MAXIMUM_FRAME_BYTES,
  messageLength: frameLength,
  recognise: (message, _sample, direction) => {
    // The server's settings alone prove nothing: the client's preface decides.
    if (direction === 'to-client') return message[3] === SETTINGS && word32(message, 5) === 0 ? 'undecided' : 'reject';
    if (!hasText(message, PREFACE.slice(0, message.length))) return 'reject';
    return message.length >= PREFACE.length ? 'match' : 'undecided';
  },
  createReader: () => new Http2Reader(),
  evidence: (record) => {
    if (record.protocol !== 'http2') return [];
    const isSuccess = record.status !== undefined && record.status >= 200 && record.status < 300;
    return [
      ...draft('http.user-agent', record.userAgent, 'client'),
      ...draft('http.server', record.server, 'server'),
      ...draft('http.host', record.host, 'server'),
      ...(isSuccess ? draft('http.authentication', record.authorization, 'server') : []),
    ];
  },
});
