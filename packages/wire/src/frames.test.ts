import { describe, expect, it } from 'vitest';
import { createSensor } from './create-sensor.ts';
import type { Inspector } from './inspector.ts';
import { bytes, u32 } from './testing/bytes.ts';
import { ConversationFeed } from './testing/conversation-packets.ts';
import { client, server, type Turn } from './testing/play.ts';

const ENDS = { clientIp: '10.0.0.1', serverIp: '10.0.0.2', clientPort: 40_000 };

/** Frames that rules are shown, as `name=text`, those of one direction in order. */
function framesOf(serverPort: number, turns: readonly Turn[], of: 'to-server' | 'to-client'): readonly string[] {
  const frames: string[] = [];
  const inspector: Inspector = {
    packet: () => {},
    stream: () => {},
    flowEnded: () => {},
    wantsFrames: true,
    transaction: (_flow, direction, { frame, buffers }) => {
      if (frame === undefined || direction !== of) return;
      const [content = new Uint8Array(0)] = buffers[`frame.${frame.type}`] ?? [];
      frames.push(`${frame.type}=${Buffer.from(content).toString('latin1')}`);
    },
  };
  const sensor = createSensor({ source: 'test', isSample: false, inspector, maximumFlows: 64 });
  new ConversationFeed(sensor).connection({ ...ENDS, serverPort }, turns);
  sensor.finish();
  return frames;
}

/** Each turn in pieces of a few bytes. */
function inPieces(turns: readonly Turn[], length: number): readonly Turn[] {
  return turns.flatMap(({ direction, bytes: whole }) =>
    Array.from({ length: Math.ceil(whole.length / length) }, (_, index) => ({
      direction,
      bytes: whole.slice(index * length, (index + 1) * length),
    })),
  );
}

describe('frames', () => {
  it('of HTTP are messages as they came: chunks, blank lines and all', () => {
    const first = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n';
    const second = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nxyz';
    const turns = [
      client(bytes('GET /a HTTP/1.1\r\nHost: h\r\n\r\n', 'POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi')),
      server(bytes(first, second)),
      client(bytes('\r\nGET /c HTTP/1.1\r\n\r\n')),
      server(bytes('HTTP/1.1 200 OK\r\n\r\nuntil the end')),
    ];
    for (const played of [turns, inPieces(turns, 7)]) {
      expect(framesOf(80, played, 'to-server')).toEqual([
        'request=GET /a HTTP/1.1\r\nHost: h\r\n\r\n',
        'request=POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi',
        'request=GET /c HTTP/1.1\r\n\r\n',
      ]);
      expect(framesOf(80, played, 'to-client')).toEqual([
        `response=${first}`,
        `response=${second}`,
        'response=HTTP/1.1 200 OK\r\n\r\nuntil the end',
      ]);
    }
  });

  it('of SSH are packets until they are encrypted', () => {
    const packet = (message: number, text: string) => bytes(u32(2 + text.length), 0, message, text);
    const turns = [
      server(bytes('SSH-2.0-x\r\n')),
      client(bytes('SSH-2.0-y\r\n', packet(20, 'lists'), packet(30, 'key'), packet(21, ''), 'encrypted')),
    ];
    for (const played of [turns, inPieces(turns, 3)]) {
      const frames = framesOf(22, played, 'to-server');
      expect(frames.map((frame) => frame.replace('\0\0\0', ''))).toEqual([
        'record_hdr=\x07\0\x14',
        'record_data=lists',
        'record_pdu=\x07\0\x14lists',
        'record_hdr=\x05\0\x1e',
        'record_data=key',
        'record_pdu=\x05\0\x1ekey',
        'record_hdr=\x02\0\x15',
        'record_pdu=\x02\0\x15',
      ]);
    }
  });

  it('of Telnet are commands and lines, also behind the first key of a person', () => {
    const will = '\xff\xfb\x01';
    const terminal = '\xff\xfa\x18\x01\xff\xf0';
    const said = Buffer.from(`${will}${terminal}Welcome\r\nlogin: `, 'latin1');
    const turns = [server(bytes(said)), client(bytes('anna\r\nrm -rf /\r\n')), server(bytes('no\r\n'))];
    for (const played of [turns, inPieces(turns, 4)]) {
      const shown = (name: string, direction: 'to-server' | 'to-client') =>
        framesOf(23, played, direction).filter((frame) => frame.startsWith(name));
      expect(shown('ctl', 'to-client')).toEqual([`ctl=${will}`, `ctl=${terminal}`]);
      expect(shown('data', 'to-client')).toEqual(['data=Welcome\r\n', 'data=login: no\r\n']);
      expect(shown('data', 'to-server')).toEqual(['data=anna\r\n', 'data=rm -rf /\r\n']);
      expect(shown('pdu', 'to-server')).toEqual(['pdu=anna\r\n', 'pdu=rm -rf /\r\n']);
    }
  });

  it('of SMB are messages with their transport, and each one of a compound', () => {
    const message = (next: number, text: string) =>
      bytes(0xfe, 'SMB', new Uint8Array(16), next, 0, 0, 0, new Uint8Array(40), text);
    const compound = bytes(message(67, 'one'), message(0, 'two'));
    const frames = framesOf(445, [client(bytes(u32(compound.length), compound))], 'to-server');
    expect(frames.map((frame) => frame.split('=')[0])).toEqual([
      'nbss.pdu',
      'nbss.hdr',
      'nbss.data',
      'smb2.pdu',
      'smb2.hdr',
      'smb2.data',
      'smb2.pdu',
      'smb2.hdr',
      'smb2.data',
    ]);
    expect(frames.filter((frame) => frame.startsWith('smb2.data'))).toEqual(['smb2.data=one', 'smb2.data=two']);
    const long = 'x'.repeat(20_000);
    const turns = [client(bytes(u32(64 + long.length), message(0, long)))];
    expect(framesOf(445, inPieces(turns, 1000), 'to-server')).toContain(`smb2.data=${long}`);
  });
});
