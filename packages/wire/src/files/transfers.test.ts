import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, le16, le32, u32 } from '../testing/bytes.ts';
import { sense } from '../testing/capture.ts';
import { ALL_FILES, hearFiles, wholeFile } from '../testing/files.ts';
import { client, server } from '../testing/play.ts';

const line = (...lines: readonly string[]) => bytes(lines.map((one) => `${one}\r\n`).join(''));

const PROGRAM = Buffer.from('MZ\x90 this is no real program, but it is long enough to be cut into lines of base64');
/** A mail with a program, its lines ended as on the wire. */
const LETTER = [
  ...['Subject: result of Jane Doe', 'Content-Type: multipart/mixed; boundary=x', '', '--x', '', 'Dear Jane Doe'],
  ...['--x', 'Content-Disposition: attachment; filename=pump.exe', 'Content-Transfer-Encoding: base64', ''],
  ...(PROGRAM.toString('base64').match(/.{1,60}/g) ?? []),
  ...['--x--', '.a line with a dot', ''],
].join('\r\n');
const ATTACHMENT = { ...wholeFile(PROGRAM), name: 'pump.exe', type: 'dos-executable' };

describe('an attachment in a mailbox', () => {
  const fetched = (turns: Parameters<typeof hearFiles>[0][number]['turns'], serverPort: number) =>
    hearFiles([{ serverPort, turns }]).files;
  const pop3 = (...rest: Parameters<typeof hearFiles>[0][number]['turns']) =>
    fetched(
      [server(line('+OK ready')), client(line('USER jane')), server(line('+OK')), client(line('PASS x')), ...rest],
      110,
    );
  const dotted = bytes(LETTER.replaceAll('\r\n.', '\r\n..'), '.\r\n');

  it('is told when POP3 gives it, one mail or several asked for at once', () => {
    const one = pop3(server(line('+OK')), client(line('RETR 1')), server(bytes('+OK 500 octets\r\n', dotted)));
    expect(one).toMatchObject([{ ...ATTACHMENT, protocol: 'pop3', direction: 'to-client' }]);
    const several = pop3(
      server(line('+OK')),
      client(line('LIST', 'RETR 1', 'RETR 9', 'TOP 2 0')),
      server(bytes('+OK 2\r\n1 500\r\n2 500\r\n.\r\n+OK\r\n', dotted, '-ERR none\r\n+OK\r\n', dotted)),
    );
    expect(several).toMatchObject([ATTACHMENT, ATTACHMENT]);
  });

  const imap = (...rest: Parameters<typeof hearFiles>[0][number]['turns']) =>
    fetched([server(line('* OK ready')), client(line('a LOGIN jane x')), server(line('a OK')), ...rest], 143);

  it('is told when IMAP gives it whole, in pieces, or takes it', () => {
    const size = LETTER.length;
    const whole = imap(
      client(line('b UID FETCH 7 BODY.PEEK[]')),
      server(bytes(`* 1 FETCH (UID 7 FLAGS () BODY[] {${size}}\r\n`, LETTER, ')\r\nb OK\r\n')),
    );
    expect(whole).toMatchObject([{ ...ATTACHMENT, protocol: 'imap', direction: 'to-client' }]);
    const cut = 150;
    const pieces = imap(
      client(line('b UID FETCH 7 BODY.PEEK[]<0.150>')),
      server(bytes(`* 1 FETCH (UID 7 BODY[]<0> {${cut}}\r\n`, LETTER.slice(0, cut), ')\r\nb OK\r\n')),
      client(line('c UID FETCH 7 BODY.PEEK[]<150.9999>')),
      server(bytes(`* 1 FETCH (UID 7 BODY[]<${cut}> {${size - cut}}\r\n`, LETTER.slice(cut), ')\r\nc OK\r\n')),
    );
    expect(pieces).toMatchObject([ATTACHMENT]);
    const taken = imap(
      client(line(`b APPEND "Sent" (\\Seen) {${size}}`)),
      server(line('+ go ahead')),
      client(bytes(LETTER, '\r\n')),
      server(line('b OK')),
    );
    expect(taken).toMatchObject([{ ...ATTACHMENT, direction: 'to-server' }]);
  });

  it('is none where a literal is another thing, and not whole where bytes of it were not seen', () => {
    const text = 'BODY[] {99}\r\n--x\r\nContent-Disposition: attachment; filename=a.exe\r\n\r\nMZ\r\n--x--\r\n';
    const header = imap(
      client(line('b FETCH 1 (BODY[HEADER] BODY[1])')),
      server(bytes(`* 1 FETCH (BODY[1] {${text.length}}\r\n`, text, ')\r\nb OK\r\n')),
    );
    expect(header).toEqual([]);
    const broken = imap(
      client(line('b FETCH 1 BODY[]')),
      server(bytes(`* 1 FETCH (BODY[] {${LETTER.length}}\r\n`, LETTER.slice(0, -60))),
    );
    expect(broken).toMatchObject([{ name: 'pump.exe', isWhole: false }]);
  });
});

describe('an attachment of a mail', () => {
  const mail = (body: string) => [
    server(line('220 mail.example ESMTP')),
    client(line('EHLO me')),
    server(line('250 ok')),
    client(line('MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'DATA')),
    server(line('354 go ahead')),
    client(bytes(body.replaceAll('\n', '\r\n'), '\r\n.\r\nQUIT\r\n')),
  ];

  it('is told as the file that it is, whatever it was wrapped in, and the text of the mail is not', () => {
    const program = Buffer.from('MZ\x90 this is no real program, but it is long enough to be cut into lines of base64');
    const { files } = hearFiles([
      {
        serverPort: 25,
        turns: mail(
          [
            'Subject: result of Jane Doe',
            'Content-Type: multipart/mixed;',
            '  boundary="=_outer"',
            '',
            '--=_outer',
            'Content-Type: multipart/alternative; boundary=inner',
            '',
            '--inner',
            'Content-Type: text/plain',
            '',
            'Dear Jane Doe',
            '--inner--',
            '--=_outer',
            'Content-Type: application/octet-stream; name="=?utf-8?B?cmVwb3J0LmV4ZQ==?="',
            'Content-Transfer-Encoding: base64',
            '',
            ...(program.toString('base64').match(/.{1,60}/g) ?? []),
            '--=_outer',
            'Content-Type: text/html',
            "Content-Disposition: attachment; filename*0*=utf-8''a%20; filename*1=b.html",
            'Content-Transfer-Encoding: quoted-printable',
            '',
            '<html>=3D=',
            'one line',
            '..dots',
            '--=_outer--',
          ].join('\n'),
        ),
      },
    ]);
    expect(files).toMatchObject([
      { ...wholeFile(program), name: 'report.exe', type: 'dos-executable', protocol: 'smtp', direction: 'to-server' },
      { ...wholeFile(bytes('<html>=one line\r\n.dots')), name: 'a b.html', type: 'html' },
    ]);
  });

  it('comes in chunks too (BDAT)', () => {
    const part = 'Content-Disposition: attachment; filename=a.bin\r\n\r\nabc';
    const turns = [
      server(line('220 mail.example ESMTP')),
      client(
        bytes(
          line('EHLO me'),
          line(`BDAT ${part.length - 1}`),
          part.slice(0, -1),
          line('BDAT 1 LAST'),
          'c',
          line('QUIT'),
        ),
      ),
    ];
    expect(hearFiles([{ serverPort: 25, turns }]).files).toMatchObject([{ ...wholeFile(bytes('abc')), name: 'a.bin' }]);
  });
});

const SERVER_CALLS = { clientIp: '10.0.0.2', serverIp: '10.0.0.1' };

describe('a file over FTP', () => {
  const control = (...turns: readonly (readonly [string, string])[]) => ({
    clientPort: 50_000,
    serverPort: 21,
    turns: [
      server(line('220 FTP server ready')),
      ...turns.flatMap(([asked, answered]) => [client(line(asked)), server(line(answered))]),
    ],
  });

  it.each([
    ['EPSV', '229 Entering Extended Passive Mode (|||50123|)'],
    ['PASV', '227 Entering Passive Mode (192,168,9,9,195,203)'],
  ])('comes on the connection that %s agreed on, by the name that it was asked for', (asked, answered) => {
    const { files, batch } = hearFiles([
      control([asked, answered], ['RETR /pub/firmware.bin', '150 here it comes']),
      { serverPort: 50_123, turns: [server(bytes('firmware'))] },
    ]);
    expect(files).toMatchObject([{ ...wholeFile(bytes('firmware')), name: 'firmware.bin', protocol: 'ftp-data' }]);
    expect(batch.flows.map(({ protocol }) => protocol).sort()).toEqual(['ftp', 'ftp-data']);
  });

  it('that is stored over a connection that the server opens is told, and a listing is none', () => {
    const { files } = hearFiles([
      control(['PORT 10,0,0,1,195,203', '200 ok'], ['STOR a.txt', '150 ok']),
      { ...SERVER_CALLS, serverPort: 50_123, clientPort: 20, turns: [server(bytes('stored'))] },
      control(['PASV', '227 (10,0,0,2,195,204)'], ['LIST', '150 ok']),
      { serverPort: 50_124, turns: [server(bytes('-rw-r--r-- Doe'))] },
    ]);
    expect(files).toMatchObject([{ ...wholeFile(bytes('stored')), name: 'a.txt' }]);
  });
});

describe('a file over SMB 2', () => {
  const RESPONSE = 1;
  const id = new Uint8Array(16).fill(9);
  const message = (command: number, number: number, body: Uint8Array, flags = 0, status = 0) => {
    const header = bytes(0xfe, 'SMB', le16(64), le16(0), le32(status), le16(command), le16(1), le32(flags), le32(0));
    const content = bytes(header, le32(number), le32(0), le32(0), le32(7), new Uint8Array(24), body);
    return bytes(u32(content.length), content);
  };
  const name = new Uint8Array(Buffer.from('tools\\mimi.exe', 'utf16le'));
  const create = bytes(le16(57), new Uint8Array(42), le16(64 + 56), le16(name.length), new Uint8Array(8), name);
  const created = (size: number) =>
    bytes(new Uint8Array(48), le32(size), le32(0), new Uint8Array(8), id, new Uint8Array(8));
  const write = (offset: number, data: Uint8Array) =>
    bytes(le16(49), le16(64 + 48), le32(data.length), le32(offset), le32(0), id, new Uint8Array(16), data);
  const read = (offset: number, length: number) =>
    bytes(le16(49), 0, 0, le32(length), le32(offset), le32(0), id, new Uint8Array(16));
  const answer = (data: Uint8Array) => bytes(le16(17), 64 + 16, 0, le32(data.length), new Uint8Array(8), data);
  const close = bytes(le16(24), le16(0), le32(0), id);
  const content = new Uint8Array(50_000).map((_, index) => index * 7);

  it('that is written is put together from its writes, whatever their order, to the end', () => {
    const turns = [
      client(message(5, 1, create)),
      server(message(5, 1, created(0), RESPONSE)),
      client(message(9, 2, write(30_000, content.slice(30_000)))),
      client(message(9, 3, write(0, content.slice(0, 30_000)))),
      client(message(6, 4, close)),
    ];
    expect(hearFiles([{ serverPort: 445, turns }]).files).toMatchObject([
      { ...wholeFile(content), name: 'mimi.exe', direction: 'to-server', protocol: 'smb' },
    ]);
  });

  it('that is read is whole when all that it has was read', () => {
    const turns = (size: number) => [
      client(message(5, 1, create)),
      server(message(5, 1, created(size), RESPONSE)),
      client(message(8, 2, read(0, 30_000))),
      client(message(8, 3, read(30_000, 20_000))),
      server(message(8, 3, answer(content.slice(30_000)), RESPONSE)),
      server(message(8, 2, answer(content.slice(0, 30_000)), RESPONSE)),
      client(message(6, 4, close)),
    ];
    expect(hearFiles([{ serverPort: 445, turns: turns(50_000) }]).files).toMatchObject([
      { ...wholeFile(content), direction: 'to-client' },
    ]);
    expect(hearFiles([{ serverPort: 445, turns: turns(60_000) }]).files).toMatchObject([
      { isWhole: false, lostBytes: 10_000, sizeBytes: 50_000 },
    ]);
  });
});

describe('a file over HTTP/2', () => {
  it('is put together from its frames', () => {
    const frame = (type: number, flags: number, stream: number, payload: Uint8Array) =>
      bytes(u32(payload.length).slice(1), type, flags, u32(stream), payload);
    // HPACK: `:method GET` and `:path /` of the static table; `:status 200`.
    const turns = [
      client(bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', frame(4, 0, 0, new Uint8Array(0)))),
      server(frame(4, 0, 0, new Uint8Array(0))),
      client(frame(1, 5, 1, bytes(0x82, 0x84))),
      server(bytes(frame(1, 4, 1, bytes(0x88)), frame(0, 0, 1, bytes('hello ')), frame(0, 1, 1, bytes('frames')))),
    ];
    expect(hearFiles([{ turns }]).files).toMatchObject([{ ...wholeFile(bytes('hello frames')), protocol: 'http2' }]);
  });
});

/** Cases of suricata-verify that name the hashes of files, on every protocol that its captures have. */
const CASES = [
  ['bug-2576-01', 'http'],
  ['file-match-crossed', 'http'],
  ['smtp-long-DATA-line', 'smtp'],
  ['issue-3703', 'http'],
  ['filestore-filecontainer-smb1-padding', 'smb'],
  ['filestore-filecontainer-smb1-data-offset', 'smb'],
] as const;

describe('recorded files (skipped where shared/data/suricata-verify is absent)', () => {
  for (const [name, protocol] of CASES) {
    const folder = sharedData(`suricata-verify/${name}`);
    it.skipIf(folder === undefined)(`have the hashes that ${name} expects of ${protocol}`, () => {
      const names = readdirSync(folder ?? '');
      const capture = names.find((file) => /\.pcap(ng)?$/.test(file)) ?? '';
      const text = readFileSync(`${folder}/test.yaml`, 'utf8');
      const expected = [...text.matchAll(/fileinfo\.(?:md5|sha1|sha256): "?([0-9a-f]{32,64})/g)].map(
        ([, hash]) => hash,
      );
      const { files } = sense(`${folder}/${capture}`, { files: ALL_FILES });
      const found = files.flatMap(({ md5, sha1, sha256 }) => [md5, sha1, sha256]);
      expect(expected).not.toEqual([]);
      expect(found).toEqual(expect.arrayContaining(expected));
      expect(files.map((file) => file.protocol)).toContain(protocol);
    });
  }

  const mimikatz = sharedData('suricata-verify/smb2-05/20171220_smb_mimikatz_copy_to_host.pcap');
  it.skipIf(mimikatz === undefined)('are whole though SMB reads are answered out of order', () => {
    expect(sense(mimikatz ?? '', { files: ALL_FILES }).files).toContainEqual(
      expect.objectContaining({ name: 'mimikatz.exe', sizeBytes: 804_352, lostBytes: 0, type: 'pe', protocol: 'smb' }),
    );
  });

  const tftp = sharedData('suricata-verify/tftp-tx-handling-wrq');
  it.skipIf(tftp === undefined)('of TFTP come block by block, on a port that the server chooses', () => {
    const capture = readdirSync(tftp ?? '').find((file) => /\.pcap(ng)?$/.test(file)) ?? '';
    const { files } = sense(`${tftp}/${capture}`, { files: ALL_FILES });
    expect(files).toEqual([expect.objectContaining({ protocol: 'tftp', isWhole: true })]);
  });

  const lab = sharedData('pcaps/hospital-lab.pcap');
  it.skipIf(lab === undefined)('of DICOM are known by SOP class, transfer syntax, size and hashes alone', () => {
    const { files } = sense(lab ?? '', { files: ALL_FILES });
    const objects = files.filter(({ protocol }) => protocol === 'dicom');
    expect(objects).toHaveLength(18);
    for (const object of objects) {
      expect(object).toMatchObject({ isClinical: true, isWhole: true, type: 'dicom-data-set', name: '' });
      expect(Object.keys(object.details)).toEqual(['sopClass', 'transferSyntax']);
      expect(object).not.toHaveProperty('content');
    }
  });
});
