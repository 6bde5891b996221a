import { describe, expect, it } from 'vitest';
import { RuleEngine } from './engine/engine.ts';
import { testFlow } from './engine/test-traffic.ts';
import type { TransactionView } from './inspector.ts';
import { defaultResources, loadRules } from './load.ts';

const NOW = Date.UTC(2026, 0, 15) / 1000;
const FILES: Readonly<Record<string, string>> = { 'ua.rep': `${btoa('curl')},300\n${btoa('wget')},10\n` };

/** @returns why the rule was rejected, or how often it spoke of the view */
function outcome(options: string, view: TransactionView): string | number {
  const resources = defaultResources({ readFile: (path) => FILES[path] });
  const content = `alert ip any any -> any any (${options}; sid:1;)`;
  const { rules, rejected } = loadRules([{ name: 'a.rules', content }], resources);
  const [first] = rejected;
  if (first !== undefined) return first.reason;
  let alerts = 0;
  const engine = new RuleEngine(rules, {
    alert: () => {
      alerts += 1;
    },
  });
  const flow = testFlow({ protocol: view.protocol });
  // Time is that of packets.
  engine.packet({
    bytes: new Uint8Array(40),
    linkOffset: -1,
    ipOffset: 0,
    ipVersion: 4,
    ipProtocol: 6,
    transportOffset: 20,
    payloadOffset: 40,
    payloadEnd: 40,
    isFragment: false,
    timeMicros: NOW * 1_000_000,
    packetNumber: 1,
    direction: 'to-client',
    flow,
    decoderEvents: () => [],
  });
  engine.transaction(flow, 'to-client', view);
  return alerts;
}

describe('keywords of single protocols', () => {
  const certificate: TransactionView = {
    protocol: 'tls',
    buffers: { 'tls.cert_subject': [Buffer.from('C=US, CN=a.example')] },
    numbers: {
      'tls.cert.not_before': [Date.UTC(2025, 0, 1) / 1000],
      'tls.cert.not_after': [Date.UTC(2026, 0, 10) / 1000],
      'tls.version': [0x0301],
    },
  };

  it.each([
    ['tls_cert_notbefore:<2025-06', 1],
    ['tls_cert_notbefore:2025-01-01', 1],
    ['tls.cert_notafter:2026<>2026-01-09T23:59:59', 0],
    ['tls.cert_notafter:2026<>2026-02', 1],
    ['tls_cert_expired', 1],
    ['tls_cert_valid', 0],
    ['tls.subject:"CN=a.example"', 1],
    ['tls.subject:!"CN=a.example"', 0],
    ['tls_cert_notafter:>tomorrow', "'tomorrow' is no time"],
    ['ssl_version:tls1.0', 1],
    ['ssl_version:!tls1.0', 0],
    ['ssl_version:!tls1.3,tls1.2', 1],
    ['ssl_version:tls1.0,!tls1.2', 'ssl_version mixes versions with and without !'],
  ])('know certificates and versions of TLS: %s', (options, expected) => {
    expect(outcome(options, certificate)).toBe(expected);
  });

  it.each([
    ['dnp3_ind:device_restart', 1],
    ['dnp3_ind:need_time,object_unknown', 1],
    ['dnp3_ind:need_time', 0],
    ['dnp3_ind:bored', "dnp3_ind: 'bored' is unknown"],
  ])('know what a DNP3 outstation indicates: %s', (options, expected) => {
    expect(outcome(options, { protocol: 'dnp3', buffers: {}, numbers: { dnp3_ind: [0x8002] } })).toBe(expected);
  });

  it.each([
    ['http.user_agent; datarep:ua,>,200,load ua.rep,type string', 1],
    ['http.user_agent; datarep:ua,<,200,load ua.rep,type string', 0],
    ['http.user_agent; datarep:ua,>,200,load none.rep,type string', 'datarep: there is no file none.rep'],
    ['http.user_agent; content:"curl"; l3_proto:ipv4', 1],
    ['http.user_agent; content:"curl"; l3_proto:ipv6', 0],
  ])('know scores of values, and versions of IP: %s', (options, expected) => {
    expect(outcome(options, { protocol: 'http', buffers: { 'http.user_agent': [Buffer.from('curl')] } })).toBe(
      expected,
    );
  });

  it.each([
    ['ike.chosen_sa_attribute:alg_hash=2', 1],
    ['ike.chosen_sa_attribute:alg_hash=3', 0],
    ['ike.chosen_sa_attribute:colour=3', "ike.chosen_sa_attribute: 'colour' is unknown"],
  ])('know what an IKE server has chosen: %s', (options, expected) => {
    expect(outcome(options, { protocol: 'ike', buffers: {}, numbers: { 'ike.sa.alg_hash': [2] } })).toBe(expected);
  });

  it.each([
    ['http2.settings:SETTINGS_MAX_CONCURRENT_STREAMS >50', 1],
    ['http2.settings:"3 <50"', 0],
    ['http2.settings:SETTINGS_ENABLE_PUSH', 0],
    ['http2.frametype:settings', 1],
    ['http2.settings:COLOUR', "http2.settings: 'COLOUR' is unknown"],
  ])('know settings of HTTP/2: %s', (options, expected) => {
    const numbers = { 'http2.settings.3': [100], 'http2.frametype': [4] };
    expect(outcome(options, { protocol: 'http2', buffers: {}, numbers })).toBe(expected);
  });

  it.each([
    ['websocket.flags:fin', 1],
    ['websocket.flags:fin,!comp', 1],
    ['websocket.flags:comp', 0],
    ['websocket.flags:&8', 1],
    ['websocket.opcode:!text', 0],
  ])('know frames of WebSocket: %s', (options, expected) => {
    const numbers = { 'websocket.flags': [8], 'websocket.opcode': [1] };
    expect(outcome(options, { protocol: 'websocket', buffers: {}, numbers })).toBe(expected);
  });
});
