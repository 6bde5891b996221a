import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { ALL_FILES, hearFiles, wholeFile } from '../testing/files.ts';
import { client, server, type Turn } from '../testing/play.ts';

const PROGRAM = bytes('MZ', new Uint8Array(58), 64, 0, 0, 0, 'PE', 0, 0, new Uint8Array(3000).fill(7));

function lines(...text: readonly string[]): Uint8Array {
  return bytes(text.map((one) => `${one}\r\n`).join(''), '\r\n');
}

function exchange(path: string, fields: readonly string[], body: Uint8Array, status = '200 OK'): readonly Turn[] {
  const length = `Content-Length: ${body.length}`;
  return [
    client(lines(`GET ${path} HTTP/1.1`, 'Host: files')),
    server(bytes(lines(`HTTP/1.1 ${status}`, length, ...fields), body)),
  ];
}

describe('a file over HTTP', () => {
  it('is hashed, typed by its content and named, and what it is called instead is told', () => {
    const { files } = hearFiles([{ turns: exchange('/update/pump.exe?v=2', ['Content-Type: image/jpeg'], PROGRAM) }]);
    expect(files).toMatchObject([
      {
        ...wholeFile(PROGRAM),
        protocol: 'http',
        direction: 'to-client',
        name: 'pump.exe',
        extension: 'exe',
        declaredType: 'image/jpeg',
        type: 'pe',
        category: 'program',
        isMismatch: true,
        isClinical: false,
        content: PROGRAM,
      },
    ]);
  });

  it.each([
    ['gzip', gzipSync(PROGRAM)],
    ['deflate', deflateSync(PROGRAM)],
    ['br', brotliCompressSync(PROGRAM)],
    ['zstd', zstdCompressSync(PROGRAM)],
    ['gzip, br', brotliCompressSync(gzipSync(PROGRAM))],
  ])('that came compressed with %s is told unpacked', (coding, body) => {
    const { files } = hearFiles([{ turns: exchange('/a', [`Content-Encoding: ${coding}`], new Uint8Array(body)) }]);
    if (coding !== 'gzip, br') expect(files).toMatchObject([{ ...wholeFile(PROGRAM), type: 'pe' }]);
    expect(files).toHaveLength(1);
  });

  it('that came in chunks is told whole, and one whose last chunk never came is not', () => {
    const chunks = (end: string) => bytes('5\r\nhello\r\n', '6;x=1\r\n world\r\n', end);
    const turns = (end: string) => [
      client(lines('GET /a.txt HTTP/1.1')),
      server(bytes(lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'), chunks(end))),
    ];
    const { files } = hearFiles([{ turns: turns('0\r\n\r\n') }, { turns: turns('') }]);
    expect(files).toMatchObject([wholeFile(bytes('hello world')), { sizeBytes: 11, isWhole: false }]);
  });

  it('that ends with the connection is whole when the server closed it', () => {
    const { files } = hearFiles([
      { turns: [client(lines('GET /a HTTP/1.0')), server(bytes(lines('HTTP/1.0 200 OK'), 'body'))] },
    ]);
    expect(files).toMatchObject([wholeFile(bytes('body'))]);
  });

  it('that comes range by range on one connection is one file', () => {
    const part = (first: number, last: number) =>
      exchange(
        '/a.exe',
        [`Content-Range: bytes ${first}-${last}/${PROGRAM.length}`],
        PROGRAM.slice(first, last + 1),
        '206 Partial',
      );
    const { files } = hearFiles([{ turns: [...part(0, 999), ...part(1000, 1999), ...part(2000, PROGRAM.length - 1)] }]);
    expect(files).toMatchObject([{ ...wholeFile(PROGRAM), name: 'a.exe' }]);
    expect(hearFiles([{ turns: part(1000, 1999) }]).files).toMatchObject([{ isWhole: false, lostBytes: 1000 }]);
  });

  it('that is sent in a form is told by the name it has there, and fields that are no files are not', () => {
    const form = bytes(
      '--cut\r\nContent-Disposition: form-data; name="patient"\r\n\r\nDoe\r\n',
      '--cut\r\nContent-Disposition: form-data; name="up"; filename="shell.php"\r\nContent-Type: image/png\r\n\r\n',
      '<?php system($_GET["c"]); ?>\r\n--cut \r\n',
      'Content-Disposition: form-data; name="second"; filename="empty.bin"\r\n\r\nx\r\n--cut--\r\n',
    );
    const type = 'Content-Type: multipart/form-data; boundary=cut';
    const request = bytes(lines('POST /up HTTP/1.1', type, `Content-Length: ${form.length}`), form);
    const { files } = hearFiles([{ turns: [client(request)] }]);
    expect(files).toMatchObject([
      {
        ...wholeFile(bytes('<?php system($_GET["c"]); ?>')),
        name: 'shell.php',
        type: 'php-script',
        isMismatch: true,
        direction: 'to-server',
      },
      { ...wholeFile(bytes('x')), name: 'empty.bin' },
    ]);
  });

  it('that is clinical is hashed and typed, and its bytes are not handed over', () => {
    const dicom = bytes(new Uint8Array(128), 'DICM', new Uint8Array(500));
    const declared = { turns: exchange('/wado', ['Content-Type: application/dicom'], dicom) };
    const [file] = hearFiles([declared]).files;
    expect(file).toMatchObject({ ...wholeFile(dicom), type: 'dicom', isClinical: true });
    expect(file).not.toHaveProperty('content');
  });

  it('that unpacks to far more than is allowed costs no more than the limit, and is told as cut', () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(64 * 1024 * 1024)));
    const options = { ...ALL_FILES, limits: { contentBytes: 256 * 1024 } };
    const turns = exchange('/bomb', ['Content-Encoding: gzip'], bomb);
    const [file] = hearFiles([{ turns }], options).files;
    expect(file).toMatchObject({ isWhole: false });
    expect(file?.sizeBytes).toBeGreaterThan(1000);
    expect(file?.sizeBytes).toBeLessThanOrEqual(256 * 1024);
  });

  it('that is longer than what may be held is hashed whole, and what was not held is counted', () => {
    const long = new Uint8Array(100_000).map((_, index) => index);
    const options = { ...ALL_FILES, limits: { contentBytes: 10_000 } };
    const { files, batch } = hearFiles([{ turns: exchange('/long', [], long) }], options);
    expect(files).toMatchObject([wholeFile(long)]);
    expect(files[0]?.content).toHaveLength(10_000);
    expect(batch.statistics.files).toMatchObject({ files: 1, bytes: 100_000 });
    expect(batch.statistics.files.contentBytesShed).toBeGreaterThan(80_000);
  });

  it('is one of many only up to a number, and those beyond are counted', () => {
    const options = { ...ALL_FILES, limits: { waiting: 2 } };
    const turns = [1, 2, 3, 4].flatMap((number) => exchange(`/${number}`, [], bytes('x')));
    const { files, batch } = hearFiles([{ turns }], options);
    expect(files).toHaveLength(2);
    expect(batch.statistics.files.filesShed).toBe(2);
  });

  it('is shown to rules with its name, type, size and hashes beside the message that carried it', () => {
    const { views } = hearFiles([{ turns: exchange('/a.exe', [], PROGRAM) }]);
    const { md5, sha256 } = wholeFile(PROGRAM);
    expect(views.at(-1)).toMatchObject({
      protocol: 'http',
      buffers: {
        'file.data': [PROGRAM],
        'file.name': [bytes('a.exe')],
        'file.magic': [bytes('PE32 executable (MS Windows)')],
        'file.md5': [bytes(md5 ?? '')],
        'file.sha256': [bytes(sha256 ?? '')],
        'http.stat_code': [bytes('200')],
      },
      numbers: { filesize: [PROGRAM.length] },
    });
  });

  it('whose first bytes were shown before it ended is shown again with what is known at its end', () => {
    const long = new Uint8Array(150_000).fill(65);
    const { views } = hearFiles([{ turns: exchange('/long', [], long) }]);
    const answers = views.filter(({ buffers }) => 'http.stat_code' in buffers);
    expect(answers.map(({ isContinuation, numbers }) => [isContinuation, numbers?.filesize])).toEqual([
      [undefined, [100 * 1024]],
      [true, [150_000]],
    ]);
  });
});

describe('names of files', () => {
  const named = (names: 'all' | 'programs' | 'none', path: string) =>
    hearFiles([{ turns: exchange(path, [], bytes('x')) }], { ...ALL_FILES, names }).files[0]?.name;

  it('of programs are told, those of documents and images only by their ending, since they may name a patient', () => {
    expect(named('programs', '/Mustermann_Max.pdf')).toBe('*.pdf');
    expect(named('programs', '/Mustermann')).toBe('*');
    expect(named('programs', '/setup.exe')).toBe('setup.exe');
    expect(named('none', '/setup.exe')).toBe('');
    expect(named('all', '/Mustermann_Max.pdf')).toBe('Mustermann_Max.pdf');
  });
});
