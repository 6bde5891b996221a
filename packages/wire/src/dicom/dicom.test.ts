import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytes, hex, le16, u16, u32 } from '../testing/bytes.ts';
import {
  associateAccept,
  associateRequest,
  BIG_ENDIAN,
  command,
  commandElement,
  DEFLATED,
  dataSet,
  type Element,
  EXPLICIT,
  elements,
  IMPLICIT,
  item,
  pdu,
} from '../testing/dicom.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, detect, evidenceOf, play, server, type Turn } from '../testing/play.ts';
import { parseAssociateBody } from './association.ts';
import { dicom } from './protocol.ts';
import type { DicomRecord, DimseOperation } from './types.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const MPPS = '1.2.840.10008.3.1.2.3.3';
const FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const COMMITMENT = '1.2.840.10008.1.20.1';

const DEVICE: readonly Element[] = [
  [0x00080060, 'CS', 'CT'],
  [0x00080070, 'LO', 'SIEMENS'],
  [0x00080080, 'LO', 'Lab hospital'],
  [0x00081010, 'SH', 'CT01'],
  [0x00081090, 'LO', 'SOMATOM'],
  [0x00100010, 'PN', 'Muster^Erika'],
  [0x00100020, 'LO', 'PID-4711'],
  [0x00181000, 'LO', '66021'],
  [0x00181020, 'LO', 'VA48A'],
];

function opening(sopClass: string, transferSyntax: string, user: readonly Uint8Array[] = []): Turn[] {
  return [
    client(associateRequest('MODALITY', 'ARCHIVE', [{ id: 1, sopClass, transferSyntaxes: [transferSyntax] }], user)),
    server(associateAccept('MODALITY', 'ARCHIVE', [{ id: 1, transferSyntax }])),
  ];
}

const RELEASE = [client(pdu(5, u32(0))), server(pdu(6, u32(0)))];

function store(transferSyntax: string, content: Uint8Array): Turn[] {
  return [
    ...opening(CT, transferSyntax),
    client(bytes(command(1, { field: 1, sopClass: CT, messageId: 7, hasDataSet: true }), dataSet(1, content))),
    server(command(1, { field: 0x8001, sopClass: CT, respondedTo: 7, status: 0 })),
    ...RELEASE,
  ];
}

function operations(records: readonly DicomRecord[]): readonly DimseOperation[] {
  return records.filter((record) => record.activity === 'operation');
}

const QUERY: Turn[] = [
  ...opening(FIND, EXPLICIT),
  client(
    bytes(
      command(1, { field: 32, sopClass: FIND, messageId: 1, hasDataSet: true }),
      dataSet(
        1,
        elements(
          [
            [0x00080052, 'CS', 'STUDY'],
            [0x00100010, 'PN', 'Muster*'],
          ],
          'explicit',
        ),
      ),
    ),
  ),
  server(command(1, { field: 0x8020, sopClass: FIND, respondedTo: 1, status: 0xff00, hasDataSet: true })),
  server(dataSet(1, elements([[0x00100010, 'PN', 'Muster^Erika']], 'explicit'))),
  client(command(1, { field: 0x0fff, respondedTo: 1 })),
  server(command(1, { field: 0x8020, sopClass: FIND, respondedTo: 1, status: 0xfe00 })),
  ...RELEASE,
];

const RETRIEVAL: Turn[] = [
  ...opening(MOVE, IMPLICIT),
  client(
    bytes(
      command(1, {
        field: 33,
        sopClass: MOVE,
        messageId: 2,
        hasDataSet: true,
        further: [commandElement(0x0600, 'WORKSTATION ')],
      }),
      dataSet(1, elements([[0x00080052, 'CS', 'SERIES']], 'implicit')),
    ),
  ),
  server(
    command(1, {
      field: 0x8021,
      sopClass: MOVE,
      respondedTo: 2,
      status: 0xb000,
      further: [commandElement(0x1021, le16(10)), commandElement(0x1022, le16(2)), commandElement(0x1023, le16(1))],
    }),
  ),
  ...RELEASE,
];

const STEP: Turn[] = [
  ...opening(MPPS, EXPLICIT),
  client(
    bytes(
      command(1, { field: 0x0140, sopClass: MPPS, messageId: 3, hasDataSet: true }),
      dataSet(
        1,
        elements(
          [
            [0x00080060, 'CS', 'MR'],
            [0x00100010, 'PN', 'Muster^Erika'],
            [0x00400241, 'AE', 'MR_ECHO'],
            [0x00400242, 'SH', 'MR01'],
            [0x00400252, 'CS', 'IN PROGRESS'],
          ],
          'explicit',
        ),
      ),
    ),
  ),
  server(command(1, { field: 0x8140, sopClass: MPPS, respondedTo: 3, status: 0x0110 })),
  ...RELEASE,
];

describe('A DICOM association', () => {
  it('is known by its content, on any port and from any first byte of its middle', () => {
    expect(detect(dicom, store(EXPLICIT, elements(DEVICE, 'explicit')))).toBe('match');
    expect(detect(dicom, [client(command(1, { field: 0x30, messageId: 1 }))])).toBe('match');
    expect(detect(dicom, [client(bytes('GET / HTTP/1.1\r\n\r\n'))])).toBe('reject');
    expect(detect(dicom, [client(hex('01 00'))])).toBe('undecided');
  });

  it('tells roles, window, extended negotiation and the kind of user identity, never its value', () => {
    const user = [
      item(0x53, u16(5), u16(3)),
      item(0x54, u16(CT.length), CT, 1, 1),
      item(0x56, u16(FIND.length), FIND, 1, 0, 1),
      item(0x57, u16(CT.length), CT, u16(17), '1.2.840.10008.4.2', u16(0)),
      item(0x58, 2, 1, u16(6), 'drhaus', u16(6), 'geheim'),
    ];
    const [request] = play(dicom, opening(CT, EXPLICIT, user)).records;
    expect(request).toMatchObject({
      activity: 'associate-request',
      callingAeTitle: 'MODALITY',
      calledAeTitle: 'ARCHIVE',
      userIdentity: 'user-name-and-passcode',
      asynchronousOperations: { invoked: 5, performed: 3 },
      roleSelections: [{ sopClass: CT, isUser: true, isProvider: true }],
      extendedNegotiations: [
        { sopClass: FIND, features: ['relational queries', 'fuzzy matching of names'] },
        { sopClass: CT, features: ['service class 1.2.840.10008.4.2'] },
      ],
    });
    expect(JSON.stringify(request)).not.toMatch(/drhaus|geheim/);
  });

  it('that was proposed before is read once, unless it carries an identity, which is not kept', () => {
    const body = (user: readonly Uint8Array[]) =>
      associateRequest('MODALITY', 'ARCHIVE', [{ id: 1, sopClass: CT, transferSyntaxes: [EXPLICIT] }], user).subarray(
        6,
      );
    const first = parseAssociateBody(body([]));
    expect(first).toMatchObject({ callingAeTitle: 'MODALITY' });
    expect(parseAssociateBody(body([]))).toBe(first);
    const identity = item(0x58, 2, 1, u16(6), 'drhaus', u16(6), 'geheim');
    expect(parseAssociateBody(body([identity]))).toEqual(parseAssociateBody(body([identity])));
    expect(parseAssociateBody(body([identity]))).not.toBe(parseAssociateBody(body([identity])));
  });

  it('says who rejected it and why', () => {
    const turns = [...opening(CT, EXPLICIT).slice(0, 1), server(pdu(3, bytes(0, 1, 1, 7)))];
    const { records } = play(dicom, turns);
    expect(records[1]).toMatchObject({
      activity: 'associate-reject',
      callingAeTitle: 'MODALITY',
      isPermanent: true,
      rejectedBy: 'service-user',
      reason: 'called AE title not recognized',
    });
    expect(evidenceOf(dicom, records)).toContain(
      'dicom.association-result=rejected by service-user: called AE title not recognized (server)',
    );
  });

  it('says who aborted it and why', () => {
    const { records } = play(dicom, [...opening(CT, EXPLICIT), server(pdu(7, bytes(0, 0, 2, 6)))]);
    expect(records.at(-1)).toEqual({
      protocol: 'dicom',
      activity: 'abort',
      abortedBy: 'service-provider',
      reason: 'invalid PDU parameter value',
    });
  });
});

describe('A stored object', () => {
  const encodings = [
    ['implicit VR little endian', IMPLICIT, elements(DEVICE, 'implicit')],
    ['explicit VR little endian', EXPLICIT, elements(DEVICE, 'explicit')],
    ['explicit VR big endian', BIG_ENDIAN, elements(DEVICE, 'big-endian')],
    ['deflated', DEFLATED, new Uint8Array(deflateRawSync(elements(DEVICE, 'explicit')))],
  ] as const;

  it.each(encodings)(
    'tells the device that made it when it is %s, and nothing of the patient',
    (_, syntax, content) => {
      const { records } = play(dicom, store(syntax, content));
      expect(records.at(-1)).toEqual({
        protocol: 'dicom',
        activity: 'producing-device',
        attributes: {
          modality: 'CT',
          manufacturer: 'SIEMENS',
          institution: 'Lab hospital',
          stationName: 'CT01',
          model: 'SOMATOM',
          serial: '66021',
          softwareVersions: 'VA48A',
        },
      });
      expect(JSON.stringify(records)).not.toMatch(/Muster|4711/);
      expect(operations(records)).toMatchObject([
        { operation: 'C-STORE', sopClass: 'CT Image Storage', dataSetBytes: content.length, isDataSetWhole: true },
      ]);
    },
  );

  it('tells the unique device identifier out of its sequence', () => {
    const identifier = elements([[0x00181009, 'UT', '(01)00643169007222(21)A1']], 'explicit');
    const sequenceItem = bytes(hex('fe ff 00 e0'), hex('ff ff ff ff'), identifier, hex('fe ff 0d e0 00 00 00 00'));
    const list: Element[] = [...DEVICE.slice(0, 8), [0x0018100a, 'SQ', sequenceItem], [0x00181020, 'LO', 'VA48A']];
    const { records } = play(dicom, store(EXPLICIT, elements(list, 'explicit')));
    expect(evidenceOf(dicom, records)).toEqual(
      expect.arrayContaining(['dicom.udi=(01)00643169007222(21)A1 (client)', 'dicom.software-versions=VA48A (client)']),
    );
  });

  it('tells the device as soon as it is told, and also when the rest never comes', () => {
    const content = bytes(elements(DEVICE, 'explicit'), elements([[0x00200013, 'IS', '1 ']], 'explicit'));
    const piece = pdu(4, bytes(u32(content.length + 2), 1, 0, content));
    const turns = [
      ...opening(CT, EXPLICIT),
      client(command(1, { field: 1, sopClass: CT, messageId: 7, hasDataSet: true })),
      client(piece),
    ];
    const { records } = play(dicom, turns);
    expect(records.at(-1)).toMatchObject({ activity: 'producing-device', attributes: { serial: '66021' } });
  });

  it('counts what was seen of an object whose rest the capture has lost', () => {
    const turns = [
      ...opening(CT, EXPLICIT),
      client(command(1, { field: 1, sopClass: CT, messageId: 7, hasDataSet: true })),
      client(bytes(pdu(4, bytes(u32(102), 1, 0, new Uint8Array(100))))),
      server(command(1, { field: 0x8001, respondedTo: 7, status: 0 })),
    ];
    expect(operations(play(dicom, turns).records)).toMatchObject([{ dataSetBytes: 100, isDataSetWhole: false }]);
  });
});

describe('A DIMSE operation', () => {
  it('has its query level, its answers and its cancellation', () => {
    expect(operations(play(dicom, QUERY).records)).toMatchObject([
      {
        operation: 'C-FIND',
        queryLevel: 'STUDY',
        responses: 2,
        isCancelled: true,
        statusName: 'cancelled',
        outcome: 'cancel',
      },
    ]);
    expect(JSON.stringify(play(dicom, QUERY).records)).not.toContain('Muster');
  });

  it('has the counts of its sub-operations and where it sends to', () => {
    const { records } = play(dicom, RETRIEVAL);
    expect(operations(records)).toMatchObject([
      {
        operation: 'C-MOVE',
        queryLevel: 'SERIES',
        moveDestination: 'WORKSTATION',
        statusName: 'sub-operations complete, one or more failures',
        outcome: 'warning',
        subOperations: { remaining: 0, completed: 10, failed: 2, warning: 1 },
      },
    ]);
    expect(evidenceOf(dicom, records)).toContain('dicom.move-destination=WORKSTATION (server)');
  });

  it('tells the station that reports a performed procedure step, and why that failed', () => {
    const { records } = play(dicom, STEP);
    expect(records.find(({ activity }) => activity === 'performed-procedure-step')).toEqual({
      protocol: 'dicom',
      activity: 'performed-procedure-step',
      modality: 'MR',
      stationAeTitle: 'MR_ECHO',
      stationName: 'MR01',
      status: 'IN PROGRESS',
    });
    expect(operations(records)).toMatchObject([
      { operation: 'N-CREATE', statusName: 'processing failure', outcome: 'failure' },
    ]);
  });

  it.each([
    [0x0130, 0x1008, 1, COMMITMENT, 'N-ACTION', 'request storage commitment'],
    [0x0100, 0x1002, 2, COMMITMENT, 'N-EVENT-REPORT', 'storage commitment with failures'],
    [0x0130, 0x1008, 1, '1.2.840.10008.5.1.1.2', 'N-ACTION', 'print'],
    [0x0130, 0x1008, 1, '1.2.840.10008.5.1.4.34.6.1', 'N-ACTION', 'change state'],
  ])('says in words what %i with %i=%i asks for', (field, element, value, sopClass, operation, detail) => {
    const turns = [
      ...opening(sopClass, IMPLICIT),
      client(command(1, { field, sopClass, messageId: 4, further: [commandElement(element, le16(value))] })),
      server(command(1, { field: field | 0x8000, respondedTo: 4, status: 0 })),
    ];
    expect(operations(play(dicom, turns).records)).toMatchObject([{ operation, detail, outcome: 'success' }]);
  });

  it.each([
    [0x0110, 'N-GET'],
    [0x0120, 'N-SET'],
    [0x0150, 'N-DELETE'],
    [0x0030, 'C-ECHO'],
    [0x0010, 'C-GET'],
  ])('knows command %i as %s, and says when nobody answered', (field, operation) => {
    const turns = [...opening(CT, IMPLICIT), client(command(1, { field, messageId: 5 }))];
    expect(operations(play(dicom, turns).records)).toMatchObject([{ operation, outcome: 'unanswered', responses: 0 }]);
  });

  it('measures how long the answer took by the time of the packets', () => {
    let now = 1_000_000;
    const records: DicomRecord[] = [];
    const emit = (record: DicomRecord) => records.push(record);
    const context = { transport: 'tcp', clientPort: 1, serverPort: 104, emit, handOver() {} } as const;
    const parser = dicom.createStreamParser?.({ ...context, timeMicros: () => now });
    for (const { direction, bytes: message } of QUERY) {
      parser?.push(direction, message);
      now += 2500;
    }
    expect(operations(records)).toMatchObject([{ firstResponseMs: 2.5, durationMs: 10 }]);
  });

  it('shows rules its titles, operation, class, level, size and status', () => {
    const seen: Record<string, readonly string[]>[] = [];
    const numbers: Record<string, readonly number[]>[] = [];
    const parser = dicom.createStreamParser?.({
      transport: 'tcp',
      clientPort: 1,
      serverPort: 104,
      emit() {},
      handOver() {},
      inspect(_, view) {
        seen.push(
          Object.fromEntries(Object.entries(view.buffers).map(([k, v]) => [k, v.map((b) => String(Buffer.from(b)))])),
        );
        numbers.push({ ...view.numbers });
      },
    });
    for (const turn of RETRIEVAL) parser?.push(turn.direction, turn.bytes);
    expect(seen.map((view) => view['dicom.operation'])).toEqual([
      ['A-ASSOCIATE-RQ'],
      ['A-ASSOCIATE-AC'],
      ['C-MOVE-RQ'],
      ['C-MOVE-RSP'],
    ]);
    expect(seen[2]).toMatchObject({
      'dicom.calling_ae': ['MODALITY'],
      'dicom.called_ae': ['ARCHIVE'],
      'dicom.sop_class': [MOVE, 'Study Root Query/Retrieve - MOVE'],
      'dicom.query_level': ['SERIES'],
      'dicom.transfer_syntax': [IMPLICIT, 'Implicit VR Little Endian'],
    });
    expect(numbers[2]).toEqual({ 'dicom.object_size': [14] });
    expect(numbers[3]).toEqual({ 'dicom.status': [0xb000] });
  });
});

promisesOfStreamRoom(dicom, [store(EXPLICIT, elements(DEVICE, 'explicit')), QUERY, RETRIEVAL, STEP]);
