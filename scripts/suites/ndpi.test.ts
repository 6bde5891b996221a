import { describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import { flowKey, readExpectedFlows } from './ndpi/expected-flows.ts';
import { findFlows } from './ndpi/found-flows.ts';
import { judge } from './ndpi.ts';

const PCAP = sharedData('ndpi/pcap/modbus.pcap');

const line = (text: string, proto: string, confidence = 'DPI') =>
  `\t1\t${text} [proto: ${proto}][IP: 0/Unknown][ClearText][Confidence: ${confidence}][DPI packets: 6]`;
const expected = (protocol: string, confidence = 'DPI') => ({ key: '', text: '', protocol, confidence });
const found = (...names: string[]) => new Set(names);

describe('the flows that nDPI prints', () => {
  it('are found again whichever end is written first, in IPv4 and IPv6', () => {
    const [flow, reverse, v6] = readExpectedFlows(
      [
        line('TCP 10.0.0.1:40000 <-> 10.0.0.2:80', '7/HTTP'),
        line('TCP 10.0.0.2:80 -> 10.0.0.1:40000', '7/HTTP'),
        line('UDP [fe80::1]:546 -> [ff02::1:2]:547 [VLAN: 10]', '103/DHCPV6'),
      ].join('\n'),
    );
    expect(flow?.key).toBe(reverse?.key);
    expect(v6?.key).toBe(flowKey('udp', ['ff02::1:2', 547], ['fe80::1', 546]));
  });

  it('count by their transport protocol, not by the application or the tunnel', () => {
    const text = 'TCP 10.0.0.1:40000 <-> 10.0.0.2:443';
    const names = ['91.126/TLS.Google', 'GTP:91/TLS', '91/TLS'].map(
      (proto) => readExpectedFlows(line(text, proto))[0]?.protocol,
    );
    expect(names).toEqual(['TLS', 'TLS', 'TLS']);
  });

  it('are only those: tables and totals are passed over', () => {
    expect(readExpectedFlows('HTTP\t20\t1700\t3\n\n\t1\t 192.168.1.13 \t 1 \n')).toEqual([]);
  });
});

describe('a flow', () => {
  it('passes when the sensor names it as nDPI does, or by a name that the table gives', () => {
    expect(judge(expected('HTTP'), found('http')).outcome).toBe('passed');
    expect(judge(expected('HTTP_Proxy'), found('http')).outcome).toBe('passed');
    expect(judge(expected('OSPF'), found('ip-89')).outcome).toBe('passed');
  });

  it('fails when the sensor names it otherwise, even where nDPI only guesses', () => {
    expect(judge(expected('HTTP'), found('tls')).outcome).toBe('failed');
    expect(judge(expected('HTTP', 'Match by port'), found('tls')).outcome).toBe('failed');
  });

  it('fails when the sensor has a room for it and does not find it, or does not see the flow', () => {
    expect(judge(expected('HTTP'), found())).toMatchObject({
      outcome: 'failed',
      cause: expect.stringContaining('finds no protocol'),
    });
    expect(judge(expected('HTTP'), undefined)).toMatchObject({
      outcome: 'failed',
      cause: expect.stringContaining('does not see'),
    });
  });

  it('is unsupported where there is no room, or where nDPI guesses and the content tells nothing', () => {
    expect(judge(expected('NoSuchProtocol'), found()).outcome).toBe('unsupported');
    expect(judge(expected('HTTP', 'Match by port'), found()).outcome).toBe('unsupported');
  });
});

describe.skipIf(PCAP === undefined)('a capture (skipped where shared/data/ndpi is absent)', () => {
  it('gives every flow of nDPI its key', async () => {
    const flows = await findFlows(PCAP ?? '');
    expect([...flows.keys()]).toContain(flowKey('tcp', ['192.168.110.131', 2074], ['192.168.110.138', 502]));
  });
});
