const ECDHE_ECDSA_AES128_GCM_SHA256 = 0xc02b;
const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_KEY_EXCHANGE = 12;
const SERVER_HELLO_DONE = 14;
const CLIENT_KEY_EXCHANGE = 16;
const UNCOMPRESSED_P256_POINT_BYTES = 65;
const CHANGE_CIPHER_SPEC = Buffer.from('140303000101', 'hex');

/** The four flights of a TLS 1.2 handshake (RFC 5246 §7.3), as clear as they are on the wire. */
export interface TlsHandshake {
  readonly clientHello: Buffer;
  readonly serverFlight: Buffer;
  readonly clientFlight: Buffer;
  readonly serverFinish: Buffer;
}

/**
 * A TLS 1.2 handshake with ECDHE and ECDSA. Keys and signatures are filler: nobody can decrypt what was never encrypted.
 *
 * @param certificate DER of the server's certificate
 */
export function tlsHandshake(serverName: string, certificate: Uint8Array): TlsHandshake {
  const certificateEntry = Buffer.concat([uint24(certificate.length), certificate]);
  const point = Buffer.concat([Buffer.from([4]), Buffer.alloc(UNCOMPRESSED_P256_POINT_BYTES - 1, 0x2b)]);
  const keyExchange = Buffer.concat([
    Buffer.from('03001741', 'hex'),
    point,
    Buffer.from('0403', 'hex'),
    vector16(Buffer.from(`3044${'0220'}${'11'.repeat(32)}${'0220'}${'22'.repeat(32)}`, 'hex')),
  ]);
  const finished = Buffer.concat([Buffer.from('160303', 'hex'), vector16(Buffer.alloc(40, 0x9d))]);
  return {
    clientHello: clientHello(serverName),
    serverFlight: Buffer.concat([
      serverHello(),
      handshake(CERTIFICATE, Buffer.concat([uint24(certificateEntry.length), certificateEntry])),
      handshake(SERVER_KEY_EXCHANGE, keyExchange),
      handshake(SERVER_HELLO_DONE, Buffer.alloc(0)),
    ]),
    clientFlight: Buffer.concat([
      handshake(CLIENT_KEY_EXCHANGE, Buffer.concat([Buffer.from([point.length]), point])),
      CHANGE_CIPHER_SPEC,
      finished,
    ]),
    serverFinish: Buffer.concat([CHANGE_CIPHER_SPEC, finished]),
  };
}

/** An encrypted TLS 1.2 record of the given size. */
export function tlsApplicationData(length: number): Buffer {
  return Buffer.concat([Buffer.from('170303', 'hex'), vector16(Buffer.alloc(length, 0xc3))]);
}

/** RFC 5246 §7.4.1.2, with the extensions that browsers send. */
function clientHello(serverName: string): Buffer {
  const extension = (type: number, body: Buffer) => Buffer.concat([uint16(type), vector16(body)]);
  const name = Buffer.concat([Buffer.from([0]), vector16(Buffer.from(serverName))]);
  const extensions = Buffer.concat([
    extension(0, vector16(name)),
    extension(10, vector16(Buffer.from('001d00170018', 'hex'))),
    extension(11, Buffer.from('0100', 'hex')),
    extension(13, vector16(Buffer.from('040305030603080408050806', 'hex'))),
  ]);
  return handshake(
    CLIENT_HELLO,
    Buffer.concat([
      Buffer.from('0303', 'hex'),
      Buffer.alloc(32, 0x5a),
      Buffer.from([0]),
      vector16(Buffer.from('c02bc02fc02cc030cca9cca8', 'hex')),
      Buffer.from('0100', 'hex'),
      vector16(extensions),
    ]),
  );
}

function serverHello(): Buffer {
  const pointFormats = Buffer.from('000b00020100', 'hex');
  const body = [Buffer.from('0303', 'hex'), Buffer.alloc(32, 0xa5), Buffer.from([0])];
  const choice = [uint16(ECDHE_ECDSA_AES128_GCM_SHA256), Buffer.from([0]), vector16(pointFormats)];
  return handshake(SERVER_HELLO, Buffer.concat([...body, ...choice]));
}

function handshake(type: number, body: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type]), uint24(body.length), body]);
  return Buffer.concat([Buffer.from([HANDSHAKE_RECORD, 3, 3]), vector16(message)]);
}

function vector16(bytes: Buffer): Buffer {
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(value, 0, 3);
  return bytes;
}
