import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes } from '../testing/bytes.ts';
import { sense } from '../testing/capture.ts';
import { evidenceOf, readDatagram } from '../testing/play.ts';
import { ssdp } from './protocol.ts';

const message = (...lines: readonly string[]) => bytes(`${lines.join('\r\n')}\r\n\r\n`);
const CAMERA = ['SERVER: Linux/4.9 UPnP/1.0 Camera/2.1', 'LOCATION: http://10.0.0.7:49152/rootdesc.xml?token=1'];
const TYPE = 'urn:schemas-upnp-org:device:NetworkCamera:1';

describe('SSDP', () => {
  it('tells of a device that announces itself, and of one that answers, what it is', () => {
    const notify = readDatagram(ssdp, message('NOTIFY * HTTP/1.1', ...CAMERA, `NT: ${TYPE}`));
    const answer = readDatagram(ssdp, message('HTTP/1.1 200 OK', ...CAMERA, `ST: ${TYPE}`), 'to-client');
    const expected = [
      'ssdp.server=Linux/4.9 UPnP/1.0 Camera/2.1',
      `ssdp.device-type=${TYPE}`,
      'ssdp.location=http://10.0.0.7:49152/rootdesc.xml',
    ];
    expect(evidenceOf(ssdp, notify)).toEqual(expected.map((line) => `${line} (client)`));
    expect(evidenceOf(ssdp, answer)).toEqual(expected.map((line) => `${line} (server)`));
  });

  it('takes types of devices only, not those of services', () => {
    const service = message('NOTIFY * HTTP/1.1', 'NT: urn:schemas-upnp-org:service:ContentDirectory:1');
    expect(evidenceOf(ssdp, readDatagram(ssdp, service))).toEqual([]);
  });
});

const SEARCH = sharedData('ndpi/pcap/ssdp-m-search.pcap');

describe.skipIf(SEARCH === undefined)('a recorded search (skipped where shared/data/ndpi is absent)', () => {
  it('is known for one and says nothing about whoever searches', () => {
    const { flows, hosts } = sense(SEARCH ?? '');
    expect(flows.map(({ protocol }) => protocol)).toEqual(['ssdp']);
    expect(hosts.flatMap(({ evidence }) => evidence.filter(({ protocol }) => protocol === 'ssdp'))).toEqual([]);
  });
});
