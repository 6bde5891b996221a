import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import { Doorkeeper } from './accounts.ts';
import type { Conversation, Peer } from './conversation.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { hiddenLiterals, resultFor } from './mysql-answers.ts';

// MySQL client/server protocol: packets, handshake version 10, mysql_native_password, text protocol
// (https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html).

const MAXIMUM_PACKET = 64 * 1024;
const CAPABILITIES = 0x0008_a20d | 0x0000_0200 | 0x0000_8000;
const PLUGIN_AUTHENTICATION = 0x0008_0000;
const CONNECT_WITH_DB = 0x8;
const SECURE_CONNECTION = 0x8000;
const AUTO_COMMIT = 2;
const PLUGIN = 'mysql_native_password';
const ACCESS_DENIED = 1045;
const UNKNOWN_COMMAND = 1047;
const QUIT = 1;
const INIT_DB = 2;
const QUERY = 3;
const FIELD_LIST = 4;
const PING = 14;

/** A database of radiology that lets weak accounts in and has invented tables. */
export function mysqlServer(service: ServiceOf<'mysql'>, context: DecoyContext, peer: Peer): Conversation {
  const server = new MySqlServer(service, context, peer);
  server.greet();
  return server;
}

class MySqlServer implements Conversation {
  readonly #service: ServiceOf<'mysql'>;
  readonly #context: DecoyContext;
  readonly #peer: Peer;
  readonly #doorkeeper: Doorkeeper;
  readonly #waiting = new GrowingBytes(MAXIMUM_PACKET * 2);
  #sequence = 0;
  #isIn = false;
  #isOver = false;

  constructor(service: ServiceOf<'mysql'>, context: DecoyContext, peer: Peer) {
    this.#service = service;
    this.#context = context;
    this.#peer = peer;
    this.#doorkeeper = new Doorkeeper(service, peer);
  }

  greet(): void {
    const salt = Buffer.from(this.#peer.random(20).map((byte) => (byte % 93) + 33));
    const capabilities = CAPABILITIES | PLUGIN_AUTHENTICATION;
    this.#send(
      Buffer.concat([
        Buffer.from([10]),
        text(this.#context.identity.banners.mysql ?? this.#service.version),
        long((this.#peer.random(2).readUInt16LE() % 9000) + 40),
        salt.subarray(0, 8),
        Buffer.from([0, capabilities & 0xff, (capabilities >> 8) & 0xff, 0x2d, AUTO_COMMIT, 0]),
        Buffer.from([(capabilities >> 16) & 0xff, (capabilities >> 24) & 0xff, 21]),
        Buffer.alloc(10),
        salt.subarray(8),
        Buffer.from([0]),
        text(PLUGIN),
      ]),
    );
  }

  receive(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#waiting.add(bytes);
    let rest = this.#waiting.take();
    while (rest.length >= 4 && !this.#isOver) {
      const length = rest.readUIntLE(0, 3);
      if (length > MAXIMUM_PACKET) {
        this.#refuse('sent a packet that is too long');
        return;
      }
      if (rest.length < 4 + length) break;
      this.#sequence = ((rest[3] ?? 0) + 1) & 0xff;
      const packet = rest.subarray(4, 4 + length);
      rest = rest.subarray(4 + length);
      if (this.#isIn) this.#command(packet);
      else this.#logOn(packet);
    }
    if (!this.#isOver) this.#waiting.add(rest);
  }

  /** Handshake response 41. The password itself never crosses the wire: what is noted is the scrambled one. */
  #logOn(packet: Buffer): void {
    if (packet.length < 33) {
      this.#refuse('sent no log-on of MySQL');
      return;
    }
    const flags = packet.readUInt32LE(0);
    const end = packet.indexOf(0, 32);
    const user = packet.toString('utf8', 32, end < 0 ? packet.length : end).slice(0, 100);
    const at = end + 1;
    const length = (flags & SECURE_CONNECTION) !== 0 ? (packet[at] ?? 0) : 0;
    const scramble = packet.subarray(at + 1, at + 1 + length);
    const database = (flags & CONNECT_WITH_DB) !== 0 ? packet.toString('utf8', at + 1 + length).split('\0')[0] : '';
    if (database !== undefined && database !== '')
      this.#peer.note('request', `chose the database ${database.slice(0, 64)}`);
    const secret = scramble.length === 0 ? '' : `scrambled ${scramble.toString('hex')}`;
    // Weak accounts are let in whatever their password is: the scrambled one cannot be compared without it.
    this.#isIn = this.#doorkeeper.admits(user, secret, PLUGIN);
    if (this.#isIn) this.#send(OK);
    else {
      const message = `Access denied for user '${user}'@'${this.#peer.remoteAddress}' (using password: ${secret === '' ? 'NO' : 'YES'})`;
      this.#send(error(ACCESS_DENIED, '28000', message));
      this.#isOver = true;
      this.#peer.end();
    }
  }

  #command(packet: Buffer): void {
    const [code = 0] = packet;
    const argument = packet.toString('utf8', 1);
    if (code === QUIT) {
      this.#isOver = true;
      this.#peer.end();
    } else if (code === PING) this.#send(OK);
    else if (code === INIT_DB) {
      this.#peer.note('request', `chose the database ${argument.slice(0, 64)}`);
      this.#send(OK);
    } else if (code === FIELD_LIST) this.#send(END_OF_FILE);
    else if (code === QUERY) this.#query(argument);
    else this.#send(error(UNKNOWN_COMMAND, '08S01', 'Unknown command'));
  }

  #query(statement: string): void {
    const result = resultFor(statement, this.#context, this.#service.version);
    const patientRows = result?.isPatientData === true ? result.rows : undefined;
    this.#peer.note(
      patientRows !== undefined ? 'query' : 'request',
      `SQL: ${hiddenLiterals(statement).slice(0, 1000)}`,
      {
        ...(patientRows !== undefined
          ? { answers: patientRows.length, isForEverybody: !/\bwhere\b/i.test(statement) }
          : {}),
      },
    );
    if (result === undefined) {
      this.#send(OK);
      return;
    }
    this.#send(Buffer.from([result.columns.length]));
    for (const name of result.columns) this.#send(column(name));
    this.#send(END_OF_FILE);
    for (const row of result.rows) this.#send(Buffer.concat(row.map((value) => counted(Buffer.from(value, 'utf8')))));
    this.#send(END_OF_FILE);
  }

  #refuse(what: string): void {
    this.#isOver = true;
    this.#peer.note('malformed', what);
    this.#peer.end();
  }

  #send(payload: Uint8Array): void {
    const head = Buffer.alloc(4);
    head.writeUIntLE(payload.length, 0, 3);
    head[3] = this.#sequence;
    this.#sequence = (this.#sequence + 1) & 0xff;
    this.#peer.send(Buffer.concat([head, payload]));
  }
}

const OK = Buffer.from([0, 0, 0, AUTO_COMMIT, 0, 0, 0]);
const END_OF_FILE = Buffer.from([0xfe, 0, 0, AUTO_COMMIT, 0]);

function error(code: number, state: string, message: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from(`#${state}${message}`, 'utf8')]);
}

/** Column definition 41, all of them text. */
function column(name: string): Buffer {
  const words = ['def', '', '', '', name, name].map((word) => counted(Buffer.from(word, 'utf8')));
  return Buffer.concat([...words, Buffer.from([0x0c, 0x2d, 0, 0, 4, 0, 0, 0xfd, 0, 0, 0, 0, 0])]);
}

function counted(bytes: Buffer): Buffer {
  if (bytes.length < 251) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const head = Buffer.from([0xfc, 0, 0]);
  head.writeUInt16LE(Math.min(bytes.length, 0xffff), 1);
  return Buffer.concat([head, bytes.subarray(0, 0xffff)]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'latin1');
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
