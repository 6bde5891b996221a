import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadRules, RuleEngine } from '@sphinx/rules';
import { createSensor } from '@sphinx/wire';
import { describe, expect, it } from 'vitest';
import { bytes, hex, u16, u32 } from '../packages/wire/src/testing/bytes.ts';
import { type ConversationEnds, ConversationFeed } from '../packages/wire/src/testing/conversation-packets.ts';
import {
  associateAccept,
  associateRequest,
  command,
  commandElement,
  dataSet,
  elements,
  IMPLICIT,
  item,
  pdu,
} from '../packages/wire/src/testing/dicom.ts';
import { client, server, type Turn } from '../packages/wire/src/testing/play.ts';
import { alarisMessage, datexFrame, medibusMessage } from '../packages/wire/src/testing/serial-devices.ts';

const FOLDER = fileURLToPath(new URL('../knowledge/rules/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.rules'));
const { rules, rejected } = loadRules(FILES.map((name) => ({ name, content: readFileSync(FOLDER + name, 'utf8') })));

const INSIDE: ConversationEnds = { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000, serverPort: 80 };
const INWARD = { ...INSIDE, clientIp: '203.0.113.9' };
const OUTWARD = { ...INSIDE, serverIp: '203.0.113.9' };

/** Connections between two ends, one after the other. */
interface Traffic {
  readonly ends: ConversationEnds;
  readonly connections: readonly (readonly Turn[])[];
  readonly transport?: 'udp';
}

const traffic = (turns: readonly Turn[], ends = INSIDE): Traffic => ({ ends, connections: [turns] });
const repeated = (count: number, turns: readonly Turn[], ends = INSIDE): Traffic => ({
  ends,
  connections: Array.from({ length: count }, () => turns),
});

/** A call as programs send it in lines of JSON. */
const json = (method: string, params: object) =>
  bytes(`${JSON.stringify({ id: 1, jsonrpc: '2.0', method, params })}\n`);

/** A question to DNS for a name below example.com (RFC 1035 §4.1). */
const named = (...labels: readonly string[]): Turn[] => {
  const name = [...labels, 'example', 'com'].flatMap((label) => [Uint8Array.of(label.length), label]);
  return [
    client(bytes(u16(7), u16(0x0100), u16(1), u16(0), u16(0), u16(0), ...name, Uint8Array.of(0), u16(16), u16(1))),
  ];
};

/** Numbers of the rules that speak of it. */
function firedBy({ ends, connections, transport }: Traffic): number[] {
  const fired: number[] = [];
  const inspector = new RuleEngine(rules, { alert: ({ rule }) => fired.push(rule.sid) });
  const feed = new ConversationFeed(createSensor({ source: 'test', isSample: false, inspector }));
  connections.forEach((turns, index) => {
    const own = { ...ends, clientPort: ends.clientPort + index };
    if (transport === 'udp') feed.datagrams(own, turns);
    else feed.connection(own, turns);
  });
  return fired;
}

const CT = '1.2.840.10008.5.1.4.1.1.2';
const FIND = '1.2.840.10008.5.1.4.1.2.1.1';
const MOVE = '1.2.840.10008.5.1.4.1.2.1.2';
const GET = '1.2.840.10008.5.1.4.1.2.1.3';
const VERIFICATION = '1.2.840.10008.1.1';
const PDF = '1.2.840.10008.5.1.4.1.1.104.1';
const CDA = '1.2.840.10008.5.1.4.1.1.104.2';
const RAW = '1.2.840.10008.5.1.4.1.1.66';

function opened(sopClass: string, calling = 'CT01', called = 'ARCHIVE', user: readonly Uint8Array[] = []): Turn[] {
  const contexts = [{ id: 1, sopClass, transferSyntaxes: [IMPLICIT] }];
  return [
    client(associateRequest(calling, called, contexts, user)),
    server(associateAccept(called, calling, [{ id: 1, transferSyntax: IMPLICIT }])),
  ];
}

const IMAGE = elements(
  [
    [0x00080060, 'CS', 'CT'],
    [0x00080070, 'LO', 'A maker of scanners'],
  ],
  'implicit',
);

function stored(sopClass: string, content = IMAGE, status = 0): Turn[] {
  return [
    ...opened(sopClass),
    client(bytes(command(1, { field: 0x0001, sopClass, messageId: 1, hasDataSet: true }), dataSet(1, content))),
    server(command(1, { field: 0x8001, sopClass, respondedTo: 1, status })),
  ];
}

function asked(field: number, sopClass: string, level: string): Turn[] {
  const query = elements([[0x00080052, 'CS', level]], 'implicit');
  return [
    ...opened(sopClass),
    client(bytes(command(1, { field, sopClass, messageId: 1, hasDataSet: true }), dataSet(1, query))),
    server(command(1, { field: 0x8000 | field, sopClass, respondedTo: 1, status: 0 })),
  ];
}

const rejection: Turn[] = [
  client(associateRequest('GUESS', 'ARCHIVE', [{ id: 1, sopClass: VERIFICATION, transferSyntaxes: [IMPLICIT] }])),
  server(pdu(3, bytes(0, 1, 1, 3))),
];
const deletion: Turn[] = [
  ...opened('1.2.840.10008.5.1.1.1'),
  client(
    command(1, {
      field: 0x0150,
      messageId: 1,
      further: [commandElement(0x0003, '1.2.840.10008.5.1.1.1'), commandElement(0x1001, '1.2.3')],
    }),
  ),
];
const COMMITMENT = '1.2.840.10008.1.20.1';
/** What the archive says of one object. @param list sequence of the kept or of the missed ones */
function committed(list: 0x00081198 | 0x00081199): Turn[] {
  const object = elements([[0x00081155, 'UI', '1.2.3']], 'implicit');
  const item = bytes(hex('fe ff 00 e0'), object.length, 0, 0, 0, object);
  const event = list === 0x00081198 ? 2 : 1;
  const further = [commandElement(0x1002, bytes(event, 0))];
  return [
    ...opened(COMMITMENT),
    server(
      bytes(
        command(1, { field: 0x0100, sopClass: COMMITMENT, messageId: 1, hasDataSet: true, further }),
        dataSet(1, elements([[list, 'SQ', item]], 'implicit')),
      ),
    ),
  ];
}
const identified = (kind: number) => opened(CT, 'CT01', 'ARCHIVE', [item(0x58, kind, 0, u16(1), 'u', u16(1), 'p')]);
const MACHINE = '1.2.840.10008.5.1.4.34.8';
const verified = (status: number): Turn[] => [
  ...opened(MACHINE),
  client(command(1, { field: 0x0130, messageId: 1, further: [commandElement(0x0003, MACHINE)] })),
  server(command(1, { field: 0x8130, respondedTo: 1, status })),
];
const released: Turn[] = [client(pdu(5, u32(0))), server(pdu(6, u32(0)))];

function download(content: Uint8Array): Turn[] {
  return [
    client(bytes('GET /image.dcm HTTP/1.1\r\nHost: pacs\r\n\r\n')),
    server(
      bytes(`HTTP/1.1 200 OK\r\nContent-Type: application/dicom\r\nContent-Length: ${content.length}\r\n\r\n`, content),
    ),
  ];
}
const preamble = (magic: string | Uint8Array) => bytes(magic, new Uint8Array(128 - magic.length), 'DICM', IMAGE);

function message(type: string, segments: readonly string[] = [], processing = 'P'): Turn[] {
  const head = `MSH|^~\\&|LAB|HOSPITAL|HIS|HOSPITAL|20260101||${type}|1|${processing}|2.5`;
  return [client(bytes(0x0b, [head, ...segments].join('\r'), 0x1c, 0x0d)), acknowledgement('AA')];
}
function acknowledgement(code: string): Turn {
  const head = 'MSH|^~\\&|HIS|HOSPITAL|LAB|HOSPITAL|20260101||ACK|1|P|2.5';
  return server(bytes(0x0b, `${head}\rMSA|${code}|1`, 0x1c, 0x0d));
}
const result = (value: string) => message('ORU^R01', [`OBX|1|${value}`]);
const answered = (code: string): Turn[] => [...message('ADT^A08').slice(0, 1), acknowledgement(code)];

function fhir(request: string, status = 200, authorization = 'Bearer opaque', size = 2): Turn[] {
  const secret = authorization === '' ? '' : `Authorization: ${authorization}\r\n`;
  const head = `HTTP/1.1 ${status} X\r\nContent-Type: application/fhir+json\r\nContent-Length: ${size}\r\n\r\n`;
  return [
    client(bytes(`${request} HTTP/1.1\r\nHost: fhir\r\n${secret}\r\n`)),
    server(bytes(head, '{'.padEnd(size, '}'))),
  ];
}

/** @param body of the answer. @param sent of the request */
function fhirBodies(
  request: string,
  body: string,
  sent = '',
  authorization = 'Bearer opaque',
  type = 'fhir+json',
): Turn[] {
  const typed = `Content-Type: application/${type}\r\n`;
  const secret = authorization === '' ? '' : `Authorization: ${authorization}\r\n`;
  return [
    client(
      bytes(`${request} HTTP/1.1\r\nHost: fhir\r\n${typed}${secret}Content-Length: ${sent.length}\r\n\r\n${sent}`),
    ),
    server(bytes(`HTTP/1.1 200 X\r\n${typed}Content-Length: ${body.length}\r\n\r\n${body}`)),
  ];
}
const found = (total: number) => `{"resourceType":"Bundle","type":"searchset","total":${total}}`;
const issue = (code: string) => `{"resourceType":"OperationOutcome","issue":[{"code":"${code}"}]}`;
const TRANSACTION = '{"resourceType":"Bundle","type":"transaction"}';

const WEB_STUDY = '/rs/studies/1.2.840.113619.2.55';
const REFUSAL = '{"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[272]}}]}}';
function web(request: string, authorization = 'Bearer opaque', body = '[]', status = 200): Turn[] {
  const secret = authorization === '' ? '' : `Authorization: ${authorization}\r\n`;
  const ask = `${request} HTTP/1.1\r\nHost: pacs\r\nAccept: application/dicom+json\r\n${secret}\r\n`;
  const head = `HTTP/1.1 ${status} X\r\nContent-Type: application/dicom+json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return [client(bytes(ask)), server(bytes(head, body))];
}
const token = (scope: string) => `Bearer aa.${Buffer.from(JSON.stringify({ scope })).toString('base64url')}.bb`;

/** Data Export of a monitor: association, then operations by command and polled class. */
function monitor(...operations: readonly (readonly [command: number, polled: number])[]): Turn[] {
  const data = bytes(5, 8, 0x13, 1, 0, 0x16, 1, 2, 0x80, 0, 0x14, 2, 0, 2);
  return [
    client(bytes(13, data.length, data)),
    server(bytes(14, data.length, data)),
    ...operations.map(([command, polled], index) => {
      const argument = bytes(u16(33), u32(0), u32(0), u16(3094), u16(8), u16(1), u16(1), u16(polled), u16(0));
      const inner = bytes(u16(index), u16(command), u16(argument.length), argument);
      return client(bytes(u16(0xe100), u16(2), u16(1), u16(inner.length), inner));
    }),
  ];
}
const overUdp = (turns: readonly Turn[], count = 1, ends = INSIDE): Traffic => ({
  ...repeated(count, turns, ends),
  transport: 'udp',
});
const pointOfCare = (type: string) => [client(bytes(`<${type}><HDR><HDR.control_id V="1"/></HDR></${type}>`))];
/** A personal health device that a manager asks. @param operation choice of the data APDU */
function asking(operation: number): Turn[] {
  const association = hex(
    'E2000032800000000001002A50790026800000008000800000000000000000800000000800000000000000014000000101000000000',
  );
  const apdu = bytes(u16(1), u16(operation), u16(2), u16(0));
  return [client(association), server(bytes(u16(0xe700), u16(apdu.length + 2), u16(apdu.length), apdu))];
}

const pump = (...commands: readonly string[]): Turn[] => commands.map((command) => client(alarisMessage(command)));
const ventilator = (code: number, response?: number): Turn[] => [
  client(medibusMessage(0x1b, code)),
  ...(response === undefined ? [] : [server(medibusMessage(0x01, response))]),
];
/** A monitor of the S/5 family is asked. @param mainType what for: 0 values, 1 waveforms */
const monitored = (mainType: number): Turn[] => [
  client(datexFrame({ mainType, parts: [0], level: 0, content: new Uint8Array(9) })),
];

function called(action: string, status = 200): Turn[] {
  const address = `http://standards.ieee.org/downloads/11073/11073-20701-2018/${action}`;
  const soap = `<s:Envelope xmlns:s="a" xmlns:w="b"><s:Header><w:Action>${address}</w:Action></s:Header><s:Body/></s:Envelope>`;
  const framed = `Content-Type: application/soap+xml\r\nContent-Length: ${soap.length}\r\n\r\n${soap}`;
  return [
    client(bytes(`POST /d HTTP/1.1\r\nHost: d\r\n${framed}`)),
    server(bytes(`HTTP/1.1 ${status} X\r\n${framed}`)),
  ];
}
/** A message of the audit trail over TCP. */
function audited(event: string, type: string, outcome = 0): Turn[] {
  const kind = type === '' ? '' : `<EventTypeCode csd-code="${type}"/>`;
  const identification = `<EventIdentification EventActionCode="E" EventOutcomeIndicator="${outcome}"><EventID csd-code="${event}"/>${kind}`;
  const head = '<85>1 2026-11-24T10:00:00Z ris RIS 1 DICOM+RFC3881 - ';
  return [client(bytes(`${head}<AuditMessage>${identification}</EventIdentification></AuditMessage>\n`))];
}

/** Number of a rule → traffic that fires it, traffic that is close to it and must not. */
const PROOFS: Readonly<Record<number, readonly [fires: Traffic, quiet: Traffic]>> = {
  9100001: [traffic(opened(VERIFICATION, 'ECHOSCU')), traffic(opened(VERIFICATION, 'ECHOSCU2'))],
  9100002: [
    traffic([
      client(
        associateRequest(
          'A',
          'B',
          [{ id: 1, sopClass: VERIFICATION, transferSyntaxes: [IMPLICIT] }],
          [item(0x55, 'PYNETDICOM_203')],
        ),
      ),
    ]),
    traffic(opened(VERIFICATION)),
  ],
  9100003: [traffic(opened(VERIFICATION, 'CT01', 'ANY-SCP')), traffic(opened(VERIFICATION, 'CT01', 'ANY-SCP-2'))],
  9100004: [repeated(5, rejection), repeated(4, rejection)],
  9100005: [repeated(20, asked(0x0020, FIND, 'PATIENT')), repeated(20, asked(0x0020, FIND, 'STUDY'))],
  9100006: [repeated(20, asked(0x0021, MOVE, 'STUDY')), repeated(19, asked(0x0021, MOVE, 'STUDY'))],
  9100007: [repeated(10, asked(0x0010, GET, 'STUDY')), repeated(9, asked(0x0010, GET, 'STUDY'))],
  9100008: [traffic(stored(PDF)), traffic(stored(CT))],
  9100009: [traffic(stored(CDA)), traffic(stored(PDF))],
  9100010: [traffic(stored(RAW)), traffic(stored(`${RAW}.1`))],
  9100011: [traffic(deletion), traffic(stored(CT))],
  9100012: [traffic(stored(CT, new Uint8Array(8))), traffic(stored(CT))],
  9100013: [repeated(5, stored(CT, IMAGE, 0xa700)), repeated(5, stored(CT, IMAGE, 0xa900))],
  9100014: [traffic(opened('1.3.46.670589.2.3.1.1')), traffic(opened(CT))],
  9100015: [repeated(5, [...opened(CT), client(pdu(7, bytes(0, 0, 0, 0)))]), repeated(5, [...opened(CT), ...released])],
  9100016: [traffic(download(preamble('MZ'))), traffic(download(preamble(new Uint8Array(2))))],
  9100017: [traffic(download(preamble(bytes(0x7f, 'ELF')))), traffic(download(preamble('MZ')))],
  9100018: [traffic(opened(VERIFICATION), INWARD), traffic(opened(VERIFICATION))],
  9100019: [traffic(stored(CT), OUTWARD), traffic(stored(CT))],
  9100020: [traffic(opened(VERIFICATION, "A' OR 1=1")), traffic(opened(VERIFICATION, 'A-B_C 1'))],
  9100021: [traffic(web(`GET ${WEB_STUDY}`, '')), traffic(web(`GET ${WEB_STUDY}`))],
  9100022: [traffic(web(`DELETE ${WEB_STUDY}`)), traffic(web(`DELETE ${WEB_STUDY}`, 'Bearer x', '', 403))],
  9100023: [repeated(20, web(`GET ${WEB_STUDY}`)), repeated(20, web(`GET ${WEB_STUDY}/metadata`))],
  9100024: [
    traffic(web('GET /rs/studies', 'Bearer x', `[${'{},'.repeat(1000)}{}]`)),
    traffic(web('GET /rs/studies', 'Bearer x', `[${'{},'.repeat(999)}{}]`)),
  ],
  9100025: [repeated(5, web('POST /rs/studies', 'Bearer x', REFUSAL)), repeated(5, web('POST /rs/studies'))],
  9100026: [repeated(5, web(`GET ${WEB_STUDY}`, '', '', 401)), repeated(5, web(`GET ${WEB_STUDY}`, '', '', 404))],
  9100027: [traffic(identified(2)), traffic(identified(3))],
  9100028: [traffic(committed(0x00081198)), traffic(committed(0x00081199))],
  9100029: [traffic(opened('1.2.840.10008.5.1.4.1.1.201.6')), traffic(opened(FIND))],
  9100030: [repeated(3, verified(0xc225)), repeated(3, verified(0))],
  9110001: [traffic(message('ADT^A08'), INWARD), traffic(message('ADT^A08'))],
  9110002: [traffic(message('ADT^A08'), OUTWARD), traffic(message('ADT^A08'))],
  9110003: [traffic(message('ADT^A08', ["PID|1||x' OR '1'='1"])), traffic(message('ADT^A08', ["PID|1||O'Reilly"]))],
  9110004: [traffic(result('TX|n||<script>x</script>')), traffic(result('TX|n||described in the script'))],
  9110005: [traffic(result(`TX|n||${'$'}{jndi:ldap://x}`)), traffic(result('TX|n||jndi:ldap'))],
  9110006: [
    traffic(result('ED|n||^application^octet-stream^Base64^TVqQAAMAAAA')),
    traffic(result('ED|n||^application^pdf^Base64^JVBERi0x')),
  ],
  9110007: [traffic(result('RP|n||../../etc/passwd')), traffic(result('RP|n||/studies/1'))],
  9110008: [repeated(10, message('ADT^A40')), repeated(10, message('ADT^A08'))],
  9110009: [traffic(message('ADT^A23')), traffic(message('ADT^A03'))],
  9110010: [repeated(20, message('QBP^Q22')), repeated(19, message('QBP^Q22'))],
  9110011: [repeated(5, answered('AR')), repeated(5, answered('AA'))],
  9110012: [repeated(10, message('ORM^O01', ['ORC|CA|1'])), repeated(10, message('ORM^O01', ['ORC|NW|1']))],
  9110013: [traffic(message('ADT^A08', [], 'D')), traffic(message('ADT^A08'))],
  9110014: [traffic(result(`TX|n||${'x'.repeat(1_000_001)}`)), traffic(result(`TX|n||${'x'.repeat(100_000)}`))],
  9110015: [traffic(result('TX|n||a\\X0D\\PID|2')), traffic(result('TX|n||a\\.br\\b'))],
  9120001: [traffic(fhir('GET /fhir/Patient/1', 200, '')), traffic(fhir('GET /fhir/Patient/1'))],
  9120002: [
    traffic(fhir('GET /fhir/Patient/1', 200, 'Basic YTpi')),
    traffic(fhir('GET /fhir/Patient/1', 401, 'Basic YTpi')),
  ],
  9120003: [traffic(fhir('GET /fhir/Group/1/$export', 202)), traffic(fhir('GET /fhir/Group/1/$export', 403))],
  9120004: [
    repeated(10, fhir('GET /fhir/Patient/1/$everything')),
    repeated(9, fhir('GET /fhir/Patient/1/$everything')),
  ],
  9120005: [repeated(10, fhir('GET /fhir/Patient/7', 404)), repeated(10, fhir('GET /fhir/Patient/7', 200))],
  9120006: [repeated(5, fhir('GET /fhir/Patient/7', 401)), repeated(4, fhir('GET /fhir/Patient/7', 401))],
  9120007: [repeated(5, fhir('GET /fhir/Patient/7', 403)), repeated(5, fhir('GET /fhir/Patient/7', 401))],
  9120008: [
    traffic(fhir('GET /fhir/Patient/7', 200, token('launch system/*.*'))),
    traffic(fhir('GET /fhir/Patient/7', 200, token('patient/*.read'))),
  ],
  9120009: [traffic(fhir('DELETE /fhir/Observation/7')), traffic(fhir('DELETE /fhir/Observation/7', 403))],
  9120010: [traffic(fhir('DELETE /fhir/AuditEvent/7')), traffic(fhir('GET /fhir/AuditEvent/7'))],
  9120011: [traffic(fhir('DELETE /fhir/Consent/7')), traffic(fhir('GET /fhir/Consent/7'))],
  9120012: [traffic(fhir('POST /fhir/Subscription', 201)), traffic(fhir('GET /fhir/Subscription/1'))],
  9120013: [traffic(fhir('GET /fhir/Patient?_revinclude=a&_include=b')), traffic(fhir('GET /fhir/Patient?_include=b'))],
  9120014: [repeated(5, fhir('GET /fhir/Patient/7', 500)), repeated(5, fhir('GET /fhir/Patient/7', 200))],
  9120015: [traffic(fhir('GET /fhir/metadata'), INWARD), traffic(fhir('GET /fhir/metadata'))],
  9120016: [
    traffic(fhir('GET /fhir/Patient?name=x%27%20or%20%271')),
    traffic(fhir('GET /fhir/Patient?name=O%27Reilly')),
  ],
  9120017: [
    traffic(fhirBodies('GET /fhir/Patient?name=a', found(1001))),
    traffic(fhirBodies('GET /fhir/Patient?name=a', found(1000))),
  ],
  9120018: [
    repeated(10, fhirBodies('GET /fhir/Patient/1', issue('forbidden'))),
    repeated(10, fhirBodies('GET /fhir/Patient/1', issue('not-found'))),
  ],
  9120019: [
    traffic(fhirBodies('POST /fhir', '{}', TRANSACTION, '')),
    traffic(fhirBodies('POST /fhir', '{}', TRANSACTION)),
  ],
  9120020: [
    traffic(fhirBodies('GET /fhir/files/1', '{}', '', '', 'fhir+ndjson')),
    traffic(fhirBodies('GET /fhir/files/1', '{}', '', 'Bearer x', 'fhir+ndjson')),
  ],
  9130001: [overUdp(monitor(), 1, INWARD), overUdp(monitor())],
  9130002: [overUdp(monitor([5, 0])), overUdp(monitor([3, 0]))],
  9130003: [overUdp(monitor([7, 42]), 10), overUdp(monitor([7, 6]), 10)],
  9130004: [traffic(pointOfCare('HEL.R01'), INWARD), traffic(pointOfCare('HEL.R01'))],
  9130005: [traffic(pointOfCare('OPL.R01')), traffic(pointOfCare('OBS.R01'))],
  9130007: [repeated(20, called('SetService/Activate')), repeated(20, called('GetService/GetMdState'))],
  9130008: [traffic(called('GetService/GetMdib')), traffic(called('GetService/GetMdib', 403))],
  9130009: [traffic(pump('INF', 'INF_RATE^3.50^ml/h')), traffic(pump('INF', 'INF_RATE'))],
  9130010: [traffic(pump('REMOTE_CTRL^ENABLED^3CC1')), traffic(pump('REMOTE_CTRL'))],
  9130011: [traffic(pump('INF'), INWARD), traffic(pump('INF'))],
  9130012: [traffic(ventilator(0x24), INWARD), traffic(ventilator(0x24))],
  9130013: [repeated(5, ventilator(0x24, 0x15)), repeated(5, ventilator(0x24, 0x24))],
  9130014: [traffic(monitored(0), INWARD), traffic(monitored(0))],
  9130015: [repeated(20, monitored(1)), repeated(20, monitored(0))],
  9140001: [traffic(audited('110113', '110133')), traffic(audited('110113', '110134'))],
  9140002: [repeated(5, audited('110114', '110122', 4)), repeated(5, audited('110114', '110122'))],
  9140003: [traffic(audited('110105', '')), traffic(audited('110105', '', 8))],
  9140004: [traffic(audited('110113', '110127')), traffic(audited('110113', '110138'))],
  9140005: [repeated(3, audited('110113', '110126', 4)), repeated(2, audited('110113', '110126', 4))],
  9130006: [repeated(10, asking(0x0107)), repeated(10, asking(0x0103))],
  9150001: [
    traffic([client(json('login', { login: 'x', agent: 'XMRig/6.21' })), server(bytes('{"id":1}\n'))]),
    traffic([client(json('login', { user: 'a.berg', password: 'x' })), server(bytes('{"id":1}\n'))]),
  ],
  9150002: [overUdp(named('a1'.repeat(20), 'b2'.repeat(15)), 20), overUdp(named('www', 'hospital'), 20)],
};

describe('the own rules for care', () => {
  it('are all loaded, and every one is proved', () => {
    expect(rejected).toEqual([]);
    expect(rules.length).toBeGreaterThanOrEqual(40);
    expect(rules.map(({ sid }) => sid).sort()).toEqual(Object.keys(PROOFS).map(Number).sort());
  });

  it.each(rules.map((rule) => [rule.message.replace('SPHINX ', ''), rule.sid] as const))(
    'fire on what they are for, and on nothing near it: %s',
    (_, sid) => {
      const [fires, quiet] = PROOFS[sid] ?? [];
      if (fires === undefined || quiet === undefined) throw new Error('not proved');
      expect(firedBy(fires)).toContain(sid);
      expect(firedBy(quiet)).not.toContain(sid);
    },
  );

  it('are silent on a quiet day', () => {
    const day = [...stored(CT), ...released];
    expect(firedBy(traffic(day))).toEqual([]);
    expect(firedBy(repeated(3, message('ORU^R01', ['OBX|1|NM|n||5'])))).toEqual([]);
    expect(firedBy(repeated(3, fhir('GET /fhir/Patient/1')))).toEqual([]);
  });
});
