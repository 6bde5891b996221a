import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../testing/bytes.ts';
import { arpEvent } from './bodies/arp.ts';
import { sessionMembers } from './bodies/session-description.ts';
import { DEFAULT_EVE_SETTINGS, readEveSettings } from './settings.ts';

const log = (...types: readonly unknown[]) => ({ outputs: [{ fast: {} }, { 'eve-log': { ethernet: 'no', types } }] });

describe('the settings of a log, as a configuration of Suricata has them', () => {
  it('keep their defaults where it says nothing', () => {
    expect(readEveSettings(undefined)).toEqual(DEFAULT_EVE_SETTINGS);
    expect(readEveSettings(log('alert'))).toEqual({ ...DEFAULT_EVE_SETTINGS, ethernet: false });
  });

  it('say what is told beside, and how much of it', () => {
    const types = [
      'netflow',
      { arp: { enabled: 'yes' } },
      { pgsql: { enabled: true } },
      { mqtt: { 'string-log-limit': '1kb' } },
      { anomaly: { types: { stream: 'yes', applayer: false } } },
    ];
    const parsers = { 'app-layer': { protocols: { mqtt: { 'max-msg-length': 50_000 } } } };
    expect(readEveSettings({ ...log(...types), ...parsers })).toEqual({
      decoderAnomalies: true,
      streamAnomalies: true,
      applicationAnomalies: false,
      netflow: true,
      arp: true,
      ethernet: false,
      pgsqlPasswords: false,
      mqttTextBytes: 1024,
      mqttMessageBytes: 50_000,
    });
  });

  it('are read from whatever a file holds', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (types, other) => {
        readEveSettings(other);
        readEveSettings({ outputs: [{ 'eve-log': { types } }, other], 'app-layer': other });
      }),
    );
  });
});

describe('an event of ARP', () => {
  it('has the addresses of both ends', () => {
    const request = hex('0001 0800 0604 0001 001d09f092ab 0a0a0a01 000000000000 0a0a0a02');
    expect(arpEvent(request, 0, 5)).toMatchObject({
      event_type: 'arp',
      pcap_cnt: 5,
      arp: { opcode: 'request', src_mac: '00:1d:09:f0:92:ab', src_ip: '10.10.10.1', dest_ip: '10.10.10.2' },
    });
  });

  it('is made of any bytes without failing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void arpEvent(bytes, 0, 1)));
  });
});

describe('a session description in an event', () => {
  it('has each medium with its own lines', () => {
    const text =
      'v=0\r\no=a 1 1 IN IP4 10.0.0.1\r\ns=call\r\nt=1 2\r\nr=7 8\r\na=x\r\nm=audio 5004 RTP/AVP 0\r\na=y\r\nm=video 5006 RTP/AVP 96\r\n';
    expect(sessionMembers(text)).toEqual({
      origin: 'a 1 1 IN IP4 10.0.0.1',
      session_name: 'call',
      time_descriptions: [{ time: '1 2', repeat_time: '7 8' }],
      attributes: ['x'],
      media_descriptions: [{ media: 'audio 5004 RTP/AVP 0', attributes: ['y'] }, { media: 'video 5006 RTP/AVP 96' }],
    });
  });

  it('is made of any text without failing', () => {
    fc.assert(fc.property(fc.string(), (text) => void sessionMembers(text)));
  });
});
