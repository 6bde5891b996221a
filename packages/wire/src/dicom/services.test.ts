import { describe, expect, it } from 'vitest';
import { bytes, hex, le16, u16, u32 } from '../testing/bytes.ts';
import {
  associateAccept,
  associateRequest,
  BIG_ENDIAN,
  command,
  commandElement,
  dataSet,
  type Element,
  EXPLICIT,
  elements,
  fragment,
  IMPLICIT,
  item,
  pdu,
} from '../testing/dicom.ts';
import { promisesOfStreamRoom } from '../testing/fuzz.ts';
import { client, evidenceOf, play, server, type Turn } from '../testing/play.ts';
import { dicom } from './protocol.ts';
import { SERVICE_CLASSES } from './sop-classes.ts';
import { outcomeOf, statusName } from './status.ts';
import type { DicomRecord, DimseOperation } from './types.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const MR = '1.2.840.10008.5.1.4.1.1.4';
const PRINTER = '1.2.840.10008.5.1.1.16';
const COMMITMENT = '1.2.840.10008.1.20.1';
const MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const STEP = '1.2.840.10008.5.1.4.34.6.1';
const AVAILABILITY = '1.2.840.10008.5.1.4.33';

function opening(sopClass: string, transferSyntax: string): Turn[] {
  return [
    client(associateRequest('MODALITY', 'ARCHIVE', [{ id: 1, sopClass, transferSyntaxes: [transferSyntax] }])),
    server(associateAccept('MODALITY', 'ARCHIVE', [{ id: 1, transferSyntax }])),
  ];
}

function operations(records: readonly DicomRecord[]): readonly DimseOperation[] {
  return records.filter((record) => record.activity === 'operation');
}

/** Sequence of references to objects. */
function references(
  tag: number,
  uids: readonly string[],
  encoding: 'implicit' | 'explicit' | 'big-endian',
  reason?: number,
) {
  const short = encoding === 'big-endian' ? u16 : le16;
  const long = (value: number) =>
    encoding === 'big-endian' ? u32(value) : bytes(le16(value & 0xffff), le16(value >>> 16));
  const items = uids.map((uid) => {
    const reasons: Element[] = reason === undefined ? [] : [[0x00081197, 'US', short(reason)]];
    const content = elements([[0x00081150, 'UI', CT], [0x00081155, 'UI', uid], ...reasons], encoding);
    return bytes(short(0xfffe), short(0xe000), long(content.length), content);
  });
  return [tag, 'SQ', bytes(...items)] as const satisfies Element;
}

const PRINTER_STATUS: Turn[] = [
  ...opening('1.2.840.10008.5.1.1.9', EXPLICIT),
  client(command(1, { field: 0x0110, sopClass: PRINTER, messageId: 9 })),
  server(
    bytes(
      command(1, { field: 0x8110, respondedTo: 9, status: 0, hasDataSet: true }),
      dataSet(
        1,
        elements(
          [
            [0x00080070, 'LO', 'AGFA'],
            [0x00081090, 'LO', 'DRYSTAR 5503'],
            [0x00181000, 'LO', '10432'],
            [0x21100010, 'CS', 'WARNING'],
            [0x21100020, 'CS', 'SUPPLY LOW'],
            [0x21100030, 'LO', 'FILM_1'],
          ],
          'explicit',
        ),
      ),
    ),
  ),
];

const FAILED_MOVE: Turn[] = [
  ...opening(MOVE, IMPLICIT),
  client(
    bytes(
      command(1, {
        field: 0x21,
        sopClass: MOVE,
        messageId: 2,
        hasDataSet: true,
        further: [commandElement(0x0700, le16(1))],
      }),
      dataSet(1, elements([[0x00080052, 'CS', 'IMAGE']], 'implicit')),
    ),
  ),
  server(
    bytes(
      command(1, {
        field: 0x8021,
        respondedTo: 2,
        status: 0xa702,
        hasDataSet: true,
        further: [
          commandElement(0x0901, bytes(le16(0x0010), le16(0x0010), le16(0x0008), le16(0x0018))),
          commandElement(0x0902, 'Doe^Jane is locked'),
          commandElement(0x0903, le16(0xa710)),
          commandElement(0x1022, le16(2)),
        ],
      }),
      dataSet(1, elements([[0x00080058, 'UI', '1.2.3.1\\1.2.3.2']], 'implicit')),
    ),
  ),
];

describe('SOP classes', () => {
  it('each belong to one service class of PS3.4', () => {
    const uids = SERVICE_CLASSES.flatMap(({ sopClasses }) => Object.keys(sopClasses));
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids.every((uid) => /^1\.2\.840\.10008(?:\.\d+)+$/.test(uid))).toBe(true);
    expect(uids.length).toBeGreaterThan(300);
  });
});

describe('A status', () => {
  it.each([
    ['C-STORE', 0xb000, 'storage', 'warning: coercion of data elements', 'warning'],
    ['C-STORE', 0xa700, 'storage', 'refused: out of resources', 'failure'],
    ['C-FIND', 0xff01, 'query/retrieve', 'pending, optional keys are not supported', 'pending'],
    ['C-FIND', 0xc100, 'relevant patient information', 'more than one match', 'failure'],
    ['C-FIND', 0xfe00, 'modality worklist', 'cancelled', 'cancel'],
    ['C-MOVE', 0xa801, 'query/retrieve', 'refused: move destination unknown', 'failure'],
    ['C-GET', 0xaa02, 'query/retrieve', 'unable to extract frames', 'failure'],
    ['N-ACTION', 0xc301, 'unified procedure step', 'correct transaction UID was not provided', 'failure'],
    ['N-ACTION', 0xb104, 'procedural event logging', 'warning: identifiers inconsistent, event logged', 'warning'],
    ['N-ACTION', 0xc111, 'substance administration', 'medication record was not updated', 'failure'],
    ['N-ACTION', 0xa510, 'media creation', 'refused: creation was already asked for', 'failure'],
    ['N-ACTION', 0xc225, 'machine verification', 'device or accessory is not supported', 'failure'],
    ['N-CREATE', 0xb604, 'print management', 'warning: image demagnified to fit', 'warning'],
    ['N-SET', 0x0107, 'performed procedure step', 'attribute list error', 'warning'],
    ['N-CREATE', 0x0124, 'storage commitment', 'refused: not authorized', 'failure'],
    ['N-CREATE', 0x0777, '', 'status 0777H', 'failure'],
  ] as const)('of %s with value %i in %s has its words and its class', (operation, status, service, name, outcome) => {
    expect(statusName(operation, status, service)).toBe(name);
    expect(outcomeOf(status)).toBe(outcome);
  });
});

describe('Storage commitment and instance availability', () => {
  it.each([
    ['implicit', IMPLICIT],
    ['explicit', EXPLICIT],
    ['big-endian', BIG_ENDIAN],
  ] as const)('tell how many objects are safe, how many not and why, in %s encoding', (encoding, transferSyntax) => {
    const report = elements(
      [
        [0x00081195, 'UI', '1.2.3.99'],
        references(0x00081198, ['1.2.3.3'], encoding, 0x0112),
        references(0x00081199, ['1.2.3.1', '1.2.3.2'], encoding),
      ],
      encoding,
    );
    const event = [commandElement(0x1002, le16(2))];
    const { records } = play(dicom, [
      ...opening(COMMITMENT, transferSyntax),
      server(
        bytes(
          command(1, { field: 0x0100, sopClass: COMMITMENT, messageId: 3, hasDataSet: true, further: event }),
          dataSet(1, report),
        ),
      ),
      client(command(1, { field: 0x8100, respondedTo: 3, status: 0 })),
    ]);
    expect(operations(records)).toMatchObject([
      {
        operation: 'N-EVENT-REPORT',
        serviceClass: 'storage commitment',
        detail: 'storage commitment with failures',
        referencedObjects: 2,
        failedObjects: 1,
        failureReasons: ['no such SOP instance'],
        invokedBy: 'server',
      },
    ]);
  });

  it('count objects through the series that hold them', () => {
    const series = bytes(
      hex('fe ff 00 e0 ff ff ff ff'),
      elements([references(0x00081199, ['1.2.1', '1.2.2', '1.2.3'], 'explicit')], 'explicit'),
      hex('fe ff 0d e0 00 00 00 00'),
    );
    const { records } = play(dicom, [
      ...opening(AVAILABILITY, EXPLICIT),
      client(
        bytes(
          command(1, { field: 0x0140, sopClass: AVAILABILITY, messageId: 3, hasDataSet: true }),
          dataSet(1, elements([[0x00081115, 'SQ', series]], 'explicit')),
        ),
      ),
    ]);
    expect(operations(records)).toMatchObject([{ serviceClass: 'instance availability', referencedObjects: 3 }]);
  });
});

describe('An answer', () => {
  it('counts what could not be moved and names the elements it objects to, not what it says of them', () => {
    const { records } = play(dicom, FAILED_MOVE);
    expect(operations(records)).toMatchObject([
      {
        statusName: 'refused: out of resources, unable to perform sub-operations',
        outcome: 'failure',
        priority: 'high',
        failedObjects: 2,
        subOperations: { failed: 2 },
        errorId: 0xa710,
        hasErrorComment: true,
        offendingElements: ['(0010,0010)', '(0008,0018)'],
      },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/Doe|locked|1\.2\.3\.1/);
  });

  it('of a printer tells what it is and what it lacks, though it names no SOP class', () => {
    const { records } = play(dicom, PRINTER_STATUS);
    expect(records).toContainEqual({
      protocol: 'dicom',
      activity: 'printer-status',
      status: 'WARNING',
      cause: 'SUPPLY LOW',
      device: { manufacturer: 'AGFA', model: 'DRYSTAR 5503', serial: '10432', stationName: 'FILM_1' },
      printer: 'server',
    });
    expect(evidenceOf(dicom, records)).toContain('dicom.model=DRYSTAR 5503 (server)');
  });
});

describe('A procedure step', () => {
  it.each([
    [0x0140, undefined, 'SCHEDULED', ''],
    [0x0130, 0x1008, 'IN PROGRESS', 'change state'],
  ] as const)('has its state', (field, type, state, detail) => {
    const further = type === undefined ? [] : [commandElement(type, le16(1))];
    const { records } = play(dicom, [
      ...opening(STEP, EXPLICIT),
      client(
        bytes(
          command(1, { field, sopClass: STEP, messageId: 3, hasDataSet: true, further }),
          dataSet(
            1,
            elements(
              [
                [0x00100010, 'PN', 'Doe^Jane'],
                [0x00741000, 'CS', state],
              ],
              'explicit',
            ),
          ),
        ),
      ),
    ]);
    expect(operations(records)).toMatchObject([{ serviceClass: 'unified procedure step', stepState: state, detail }]);
    expect(JSON.stringify(records)).not.toContain('Doe');
  });
});

/** Two scans come in turn, each fragment of one followed by one of the other; commands come in three pieces. */
function interleaved(): Turn[] {
  const contexts = [
    { id: 1, sopClass: CT, transferSyntaxes: [EXPLICIT] },
    { id: 3, sopClass: MR, transferSyntaxes: [IMPLICIT] },
  ];
  const accepted = contexts.map(({ id, transferSyntaxes: [transferSyntax = ''] }) => ({ id, transferSyntax }));
  const request = (id: number, sopClass: string) =>
    command(id, { field: 1, sopClass, messageId: id, hasDataSet: true }).subarray(12);
  const [ct, mr] = [request(1, CT), request(3, MR)];
  const [ctData, mrData] = [
    elements(
      [
        [0x00080070, 'LO', 'SIEMENS'],
        [0x00081090, 'LO', 'SOMATOM'],
      ],
      'explicit',
    ),
    elements(
      [
        [0x00080070, 'LO', 'SIEMENS'],
        [0x00081090, 'LO', 'SOMATOM'],
      ],
      'implicit',
    ),
  ];
  const value = (id: number, flags: number, content: Uint8Array) => bytes(u32(content.length + 2), id, flags, content);
  return [
    client(associateRequest('MODALITY', 'ARCHIVE', contexts)),
    server(associateAccept('MODALITY', 'ARCHIVE', accepted)),
    client(
      pdu(4, bytes(value(1, 1, ct.subarray(0, 10)), value(3, 1, mr.subarray(0, 20)), value(1, 1, ct.subarray(10, 30)))),
    ),
    client(fragment(3, 3, mr.subarray(20))),
    client(fragment(1, 3, ct.subarray(30))),
    client(
      pdu(
        4,
        bytes(value(3, 0, mrData.subarray(0, 9)), value(1, 0, ctData.subarray(0, 7)), value(3, 2, mrData.subarray(9))),
      ),
    ),
    client(fragment(1, 2, ctData.subarray(7))),
    server(command(3, { field: 0x8001, respondedTo: 3, status: 0 })),
    server(command(1, { field: 0x8001, respondedTo: 1, status: 0xb007 })),
  ];
}

describe('Messages of several presentation contexts', () => {
  it('are put together each by itself, however their fragments come', () => {
    const { records } = play(dicom, interleaved());
    expect(operations(records)).toMatchObject([
      { sopClass: 'MR Image Storage', dataSetBytes: 32, isDataSetWhole: true, outcome: 'success' },
      { sopClass: 'CT Image Storage', dataSetBytes: 32, isDataSetWhole: true, outcome: 'warning' },
    ]);
    expect(evidenceOf(dicom, records)).toContain('dicom.model=SOMATOM (client)');
  });

  it('that are begun and never ended are forgotten, the oldest first', () => {
    const begun = Array.from({ length: 40 }, (_, index) => client(fragment(index * 2 + 1, 1, new Uint8Array(8))));
    const echo = client(command(251, { field: 0x30, messageId: 1 }));
    const { records } = play(dicom, [...opening(CT, IMPLICIT), ...begun, echo]);
    expect(operations(records)).toMatchObject([{ operation: 'C-ECHO', outcome: 'unanswered' }]);
  });
});

describe('An association', () => {
  it('tells what storage and its kin were negotiated beyond contexts', () => {
    const related = bytes(u16(MR.length), MR);
    const user = [
      item(0x56, u16(CT.length), CT, 2, 0, 1, 0, 1, 0),
      item(0x57, u16(CT.length), CT, u16(17), '1.2.840.10008.4.2', u16(related.length), related),
    ];
    const [request] = play(dicom, [client(associateRequest('A', 'B', [], user))]).records;
    expect(request).toMatchObject({
      extendedNegotiations: [
        { sopClass: CT, features: ['storage level 2', 'coercion'] },
        { sopClass: CT, features: ['service class 1.2.840.10008.4.2', 'related to MR Image Storage'] },
      ],
    });
  });

  it.each([
    [[], true],
    [[item(0x59, u16(0))], false],
  ] as const)('tells whether the user identity that was to be confirmed was', (answer, isIgnored) => {
    const contexts = [{ id: 1, sopClass: CT, transferSyntaxes: [EXPLICIT] }];
    const { records } = play(dicom, [
      client(associateRequest('A', 'B', contexts, [item(0x58, 1, 1, u16(6), 'drhaus', u16(0))])),
      server(associateAccept('A', 'B', [{ id: 1, transferSyntax: EXPLICIT }], answer)),
    ]);
    expect(records[1]).toMatchObject({ isUserIdentityConfirmed: !isIgnored, isUserIdentityIgnored: isIgnored });
    expect(evidenceOf(dicom, records).includes('dicom.user-identity-ignored=true (server)')).toBe(isIgnored);
  });

  it('tells what was refused and why', () => {
    const contexts = [1, 3].map((id) => ({ id, sopClass: id === 1 ? CT : MR, transferSyntaxes: [EXPLICIT] }));
    const { records } = play(dicom, [
      client(associateRequest('A', 'B', contexts)),
      server(
        associateAccept('A', 'B', [
          { id: 1, result: 4, transferSyntax: '' },
          { id: 3, transferSyntax: EXPLICIT },
        ]),
      ),
    ]);
    expect(records[1]).toMatchObject({
      sopClasses: ['MR Image Storage'],
      refusals: ['CT Image Storage: transfer syntaxes not supported'],
    });
  });

  it('tells who released it and whether that was confirmed', () => {
    const ends = (...turns: Turn[]) => play(dicom, [...opening(CT, EXPLICIT), ...turns]).records.at(-1);
    const request = pdu(5, u32(0));
    expect(ends(client(request))).toMatchObject({ activity: 'release', releasedBy: 'client', isConfirmed: false });
    expect(ends(server(request), client(pdu(6, u32(0))))).toMatchObject({ releasedBy: 'server', isConfirmed: true });
    expect(ends(client(request), server(pdu(7, bytes(0, 0, 2, 2))))).toMatchObject({
      activity: 'abort',
      reason: 'unexpected PDU',
    });
  });

  it.each([
    [1, 3, 'service-user', 'calling AE title not recognized'],
    [2, 2, 'service-provider-acse', 'protocol version not supported'],
    [3, 1, 'service-provider-presentation', 'temporary congestion'],
    [3, 2, 'service-provider-presentation', 'local limit exceeded'],
  ])('that is rejected has source %i and reason %i in words', (source, reason, rejectedBy, words) => {
    const { records } = play(dicom, [server(pdu(3, bytes(0, 2, source, reason)))]);
    expect(records).toMatchObject([{ isPermanent: false, rejectedBy, reason: words }]);
  });
});

describe('An object whose pixels are compressed', () => {
  it('tells its device and its size, though the length of its pixels is undefined', () => {
    const jpeg = '1.2.840.10008.1.2.4.50';
    const pixels = bytes(
      hex('fe ff 00 e0 00 00 00 00 fe ff 00 e0 08 00 00 00'),
      new Uint8Array(8),
      hex('fe ff dd e0 00 00 00 00'),
    );
    const head = elements(
      [
        [0x00080070, 'LO', 'SIEMENS'],
        [0x00081090, 'LO', 'SOMATOM'],
      ],
      'explicit',
    );
    const content = bytes(head, hex('e0 7f 10 00'), 'OB', 0, 0, hex('ff ff ff ff'), pixels);
    const { records } = play(dicom, [
      ...opening(CT, jpeg),
      client(bytes(command(1, { field: 1, sopClass: CT, messageId: 7, hasDataSet: true }), dataSet(1, content))),
      server(command(1, { field: 0x8001, sopClass: CT, respondedTo: 7, status: 0 })),
    ]);
    expect(operations(records)).toMatchObject([{ transferSyntax: 'JPEG Baseline', dataSetBytes: content.length }]);
    expect(evidenceOf(dicom, records)).toContain('dicom.model=SOMATOM (client)');
  });
});

promisesOfStreamRoom(dicom, [PRINTER_STATUS, FAILED_MOVE, interleaved()]);
