import { describe, expect, it } from 'vitest';
import { counted, join, u16 } from '../../messages/binary.ts';
import { runAgainst } from '../../testing/run.ts';
import { scriptedNetwork } from '../../testing/scripted-network.ts';
import { tlsFeatures } from './tls-features.ts';
import { tlsVersions } from './tls-versions.ts';
import { tlsWeakSuites } from './tls-weak-suites.ts';

// What no server of today still speaks, played by the book: RFC 6101 (SSL 3.0), RFC 2246, RFC 3749 (compression).

const ALERT = join(21, u16(0x0300), u16(2), 2, 40);

interface OldServer {
  readonly version: number;
  readonly suites: readonly number[];
  readonly compresses?: boolean;
  readonly renegotiation?: boolean;
  readonly heartbeat?: boolean;
}

/** Chooses the first of its own suites that is offered, as servers do, and refuses otherwise. */
function oldServer({ version, suites, ...flaws }: OldServer) {
  return scriptedNetwork((hello) => {
    const offered = suitesOf(hello);
    const chosen = suites.find((suite) => offered.suites.includes(suite));
    if (chosen === undefined || offered.version < version || offered.isModern) return [ALERT, 'close'];
    const compression = flaws.compresses === true && offered.compression.includes(1) ? 1 : 0;
    const extensions = join(
      flaws.renegotiation === true ? join(u16(0xff01), counted(2, 0)) : '',
      flaws.heartbeat === true ? join(u16(15), counted(2, 1)) : '',
    );
    const list = extensions.length === 0 ? '' : counted(2, extensions);
    const body = join(u16(version), Buffer.alloc(32), counted(1), u16(chosen), compression, list);
    const done = join(14, counted(3));
    return [join(22, u16(version), counted(2, 2, counted(3, body), done))];
  });
}

function suitesOf(record: Buffer) {
  const at = 5 + 4 + 2 + 32;
  const session = record[at] ?? 0;
  const list = at + 1 + session;
  const length = record.readUInt16BE(list);
  const suites = Array.from({ length: length / 2 }, (_, index) => record.readUInt16BE(list + 2 + 2 * index));
  const methods = list + 2 + length;
  const compression = [...record.subarray(methods + 1, methods + 1 + (record[methods] ?? 0))];
  return { version: record.readUInt16BE(9), suites, compression, isModern: suites.includes(0x1301) };
}

describe('a TLS server from long ago', () => {
  it('that speaks SSL 3.0 is found', async () => {
    const result = await runAgainst(tlsVersions, oldServer({ version: 0x0300, suites: [0x000a] }));
    expect(result.values('tls.server.version')).toEqual(['SSL 3.0']);
    expect(result.values('tls.server.cipher')).toEqual(['TLS_RSA_WITH_3DES_EDE_CBC_SHA']);
  });

  it.each([
    ['RC4', 0x0005, 'TLS_RSA_WITH_RC4_128_SHA'],
    ['export grade', 0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5'],
    ['single DES', 0x0009, 'TLS_RSA_WITH_DES_CBC_SHA'],
    ['no encryption', 0x0002, 'TLS_RSA_WITH_NULL_SHA'],
    ['no authentication', 0x0034, 'TLS_DH_anon_WITH_AES_128_CBC_SHA'],
  ])('that prefers good suites but takes %s as well is found', async (_title, weak, name) => {
    const server = () => oldServer({ version: 0x0301, suites: [0x009c, weak] });
    expect((await runAgainst(tlsVersions, server())).values('tls.server.cipher')).not.toContain(name);
    expect((await runAgainst(tlsWeakSuites, server())).values('tls.server.cipher')).toContain(name);
  });

  it('that takes no weak suite shows none', async () => {
    const result = await runAgainst(tlsWeakSuites, oldServer({ version: 0x0301, suites: [0x009c] }));
    expect(result.values('tls.server.cipher')).toEqual([]);
  });

  it('that compresses, renegotiates insecurely and has a heartbeat says so', async () => {
    const server = oldServer({ version: 0x0301, suites: [0x002f], compresses: true, heartbeat: true });
    const result = await runAgainst(tlsFeatures, server);
    expect(result.values('tls.compression')).toEqual(['deflate']);
    expect(result.values('tls.renegotiation')).toEqual(['insecure']);
    expect(result.values('tls.heartbeat')).toEqual(['offered']);
  });

  it('that does none of that says so as well', async () => {
    const server = oldServer({ version: 0x0303, suites: [0x002f], renegotiation: true });
    const result = await runAgainst(tlsFeatures, server);
    expect(result.values('tls.compression')).toEqual(['none']);
    expect(result.values('tls.renegotiation')).toEqual(['secure']);
    expect(result.values('tls.heartbeat')).toEqual(['none']);
  });

  it('is never sent a heartbeat', async () => {
    const server = oldServer({ version: 0x0301, suites: [0x002f], heartbeat: true });
    await runAgainst(tlsFeatures, server);
    expect(server.heard.some((bytes) => bytes[0] === 24)).toBe(false);
  });
});
