import { describe, expect, it } from 'vitest';
import { http } from '../http/protocol.ts';
import { bytes } from '../testing/bytes.ts';
import { promisesOfDatagramRoom, promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, detect, evidenceOf, play, readDatagram, server, type Turn } from '../testing/play.ts';
import { dpws, wsDiscovery } from './protocol.ts';
import type { DpwsRecord } from './types.ts';

const DISCOVERY = 'http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01';

/** OASIS WS-Discovery 1.1 §4.1; types and scopes of IEEE 11073-20701 §9. */
function envelope(action: string, body: string): Uint8Array {
  return bytes(`<?xml version="1.0" encoding="UTF-8"?><s12:Envelope xmlns:s12="http://www.w3.org/2003/05/soap-envelope"
 xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:wsd="${DISCOVERY}"><s12:Header><wsa:Action>${DISCOVERY}/${action}</wsa:Action>
<wsa:MessageID>urn:uuid:11111111-2222-3333-4444-555555555555</wsa:MessageID></s12:Header><s12:Body>${body}</s12:Body></s12:Envelope>`);
}
const DEVICE = `<wsa:EndpointReference><wsa:Address>urn:uuid:AAAAAAAA-bbbb-cccc-dddd-001122334455</wsa:Address></wsa:EndpointReference>
<wsd:Types>dpws:Device mdpws:MedicalDevice</wsd:Types>
<wsd:Scopes>sdc.mds.pkp:1.2.840.10004.20701.1.1 sdc.ctxt.loc:/sdc.ctxt.loc.detail/H1///ICU/Bed7?fac=H1 sdc.cdc.type:///130535</wsd:Scopes>
<wsd:XAddrs>https://10.0.0.5:6464/aaaa</wsd:XAddrs><wsd:MetadataVersion>1</wsd:MetadataVersion>`;
const HELLO = envelope('Hello', `<wsd:Hello>${DEVICE}</wsd:Hello>`);
const MATCH = envelope(
  'ProbeMatches',
  `<wsd:ProbeMatches><wsd:ProbeMatch>${DEVICE}</wsd:ProbeMatch></wsd:ProbeMatches>`,
);
const PROBE = envelope('Probe', '<wsd:Probe><wsd:Types>dpws:Device</wsd:Types></wsd:Probe>');

describe('WS-Discovery', () => {
  it('tells a medical device that says hello, by type, purpose and transport', () => {
    const records = readDatagram(wsDiscovery, HELLO);
    expect(records).toMatchObject([
      {
        activity: 'hello',
        types: ['Device', 'MedicalDevice'],
        isMedical: true,
        scopes: ['sdc.mds.pkp:1.2.840.10004.20701.1.1', 'sdc.ctxt.loc', 'sdc.cdc.type:///130535'],
        endpoint: 'aaaaaaaa-bbbb-cccc-dddd-001122334455',
        schemes: ['https'],
      },
    ]);
    expect(evidenceOf(wsDiscovery, records)).toContain('ws-discovery.type=MedicalDevice (client)');
    expect(JSON.stringify(records)).not.toMatch(/Bed7|ICU|10\.0\.0\.5/);
  });

  it('tells who is looked for, and who answers', () => {
    expect(readDatagram(wsDiscovery, PROBE)).toMatchObject([
      { activity: 'probe', types: ['Device'], isMedical: false },
    ]);
    const matches = readDatagram(wsDiscovery, MATCH, 'to-client');
    expect(matches).toMatchObject([{ activity: 'probe-match', isMedical: true }]);
    expect(evidenceOf(wsDiscovery, matches)).toContain('ws-discovery.scheme=https (server)');
  });

  it('is told from other XML, on any port', () => {
    expect(detect(wsDiscovery, [client(HELLO)])).toBe('match');
    expect(detect(wsDiscovery, [client(bytes('<?xml version="1.0"?><m:event xmlns:m="urn:x">'.padEnd(80)))])).toBe(
      'reject',
    );
  });
});

const SDC = 'http://standards.ieee.org/downloads/11073/11073-20701-2018';
const DPWS = 'http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01';

function call(action: string, answer: string, status = 200, extra = ''): Turn[] {
  const soap = (header: string, body: string) =>
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:dpws="${DPWS}">` +
    `<s:Header><wsa:Action s:mustUnderstand="true">${header}</wsa:Action></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  const framed = (text: string) =>
    `Content-Type: application/soap+xml; charset=utf-8\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  return [
    client(bytes(`POST /aaaa HTTP/1.1\r\nHost: device\r\n${framed(soap(action, extra))}`)),
    server(bytes(`HTTP/1.1 ${status} X\r\n${framed(soap(`${action}Response`, answer))}`)),
  ];
}
const DESCRIPTION = `<mex:Metadata><dpws:ThisModel><dpws:Manufacturer xml:lang="en">Dr&#228;ger &amp; Co</dpws:Manufacturer>
<dpws:ModelName>Perseus A500</dpws:ModelName><dpws:ModelNumber>8607500</dpws:ModelNumber></dpws:ThisModel><dpws:ThisDevice>
<dpws:FriendlyName>Jane's machine</dpws:FriendlyName><dpws:FirmwareVersion>2.03</dpws:FirmwareVersion>
<dpws:SerialNumber>ASNB-0001</dpws:SerialNumber></dpws:ThisDevice></mex:Metadata>`;
const FAULT = `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>wsa:ActionNotSupported</s:Value></s:Subcode></s:Code></s:Fault>`;
const GET = call('http://schemas.xmlsoap.org/ws/2004/09/transfer/Get', DESCRIPTION);
const MDIB = call(
  `${SDC}/GetService/GetMdib`,
  '<pm:CoreData><pm:Givenname>Jane</pm:Givenname><pm:Familyname>Doe</pm:Familyname></pm:CoreData>',
);

describe('the services of a device', () => {
  const told = (turns: readonly Turn[]) =>
    play(http, turns).records.filter((record): record is DpwsRecord => record.protocol === 'dpws');

  it('say who made it, as what, with which serial number', () => {
    const records = told(GET);
    expect(records).toMatchObject([
      { service: 'transfer', operation: 'Get', model: 'Perseus A500 8607500', serial: 'ASNB-0001', firmware: '2.03' },
    ]);
    expect(evidenceOf(dpws, records)).toContain('dpws.model=Perseus A500 8607500 (server)');
    expect(JSON.stringify(records)).not.toContain('Jane');
  });

  it('are called by name, and nothing of what they tell of a patient is taken', () => {
    const records = told([...MDIB, ...call(`${SDC}/SetService/Activate`, FAULT, 500)]);
    expect(records.map(({ service, operation, outcome, fault }) => [service, operation, outcome, fault])).toEqual([
      ['GetService', 'GetMdib', 'success', ''],
      ['SetService', 'Activate', 'failure', 'ActionNotSupported'],
    ]);
    expect(evidenceOf(dpws, records)).toEqual(
      expect.arrayContaining(['sdc.role=provider (server)', 'sdc.role=consumer (client)']),
    );
    expect(JSON.stringify(records)).not.toMatch(/Doe|Jane/);
  });

  it('are told from other SOAP', () => {
    expect(told(call('http://tempuri.org/ILab/Order', '<a/>'))).toEqual([]);
  });

  promisesOfStreamRoom(http, [GET]);
});

promisesOfDatagramRoom(wsDiscovery, [HELLO, MATCH]);
