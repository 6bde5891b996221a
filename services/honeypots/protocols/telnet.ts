import { type DecoyContext, named } from '../decoys/decoy-context.ts';
import type { ServiceOf } from '../decoys/persona.ts';
import { Doorkeeper } from './accounts.ts';
import type { Conversation, Peer } from './conversation.ts';
import { Shell } from './shell/shell.ts';
import { Terminal } from './shell/terminal.ts';

// Telnet (RFC 854), echo (RFC 857) and suppress go ahead (RFC 858).
const IAC = 255;
const DONT = 254;
const SUBNEGOTIATION = 250;
const SUBNEGOTIATION_END = 240;
/** WILL ECHO, WILL SUPPRESS-GO-AHEAD, DO NAWS, DO TERMINAL-TYPE. */
const OPENING = Buffer.from([IAC, 251, 1, IAC, 251, 3, IAC, 253, 31, IAC, 253, 24]);
const MAXIMUM_FIELD = 256;
const MAXIMUM_ATTEMPTS = 5;

/** A log-on prompt as network devices have, with a shell behind it. */
export function telnetServer(service: ServiceOf<'telnet'>, context: DecoyContext, peer: Peer): Conversation {
  const server = new TelnetServer(service, context, peer);
  server.open();
  return server;
}

class TelnetServer implements Conversation {
  readonly #service: ServiceOf<'telnet'>;
  readonly #context: DecoyContext;
  readonly #peer: Peer;
  readonly #doorkeeper: Doorkeeper;
  #state: 'user' | 'secret' | 'shell' | 'over' = 'user';
  #field = '';
  #user = '';
  #attempts = 0;
  #wasReturn = false;
  #command: number[] = [];
  #shell: Shell | undefined;
  #terminal: Terminal | undefined;

  constructor(service: ServiceOf<'telnet'>, context: DecoyContext, peer: Peer) {
    this.#service = service;
    this.#context = context;
    this.#peer = peer;
    this.#doorkeeper = new Doorkeeper(service, peer);
  }

  open(): void {
    this.#peer.send(OPENING);
    this.#say(`${named(this.#service.greeting, this.#context.identity)}\r\n`);
    this.#ask();
  }

  receive(bytes: Buffer): void {
    const data = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    for (const byte of bytes) if (this.#isData(byte)) data[length++] = byte;
    let from = 0;
    for (; from < length && this.#terminal === undefined && this.#state !== 'over'; from += 1) {
      this.#key(data[from] ?? 0);
    }
    if (from < length) this.#terminal?.type(data.subarray(from, length));
  }

  ended(): void {
    this.#shell?.leave();
    this.#shell = undefined;
  }

  /** Takes commands of the protocol out of what is typed. */
  #isData(byte: number): boolean {
    const [first, second] = this.#command;
    if (first === undefined) {
      if (byte !== IAC) return true;
      this.#command = [byte];
    } else if (second === undefined) {
      if (byte === IAC) {
        this.#command = [];
        return true;
      }
      this.#command = byte >= SUBNEGOTIATION && byte <= DONT ? [first, byte] : [];
    } else if (second === SUBNEGOTIATION) {
      const isEnd = byte === SUBNEGOTIATION_END && this.#command.at(-1) === IAC;
      if (isEnd || this.#command.length > 128) this.#command = [];
      else this.#command.push(byte);
    } else this.#command = [];
    return false;
  }

  #key(byte: number): void {
    const wasReturn = this.#wasReturn;
    this.#wasReturn = byte === 13;
    if (byte === 0 || (byte === 10 && wasReturn)) return;
    if (byte === 13 || byte === 10) this.#enter();
    else if (byte === 8 || byte === 127) this.#field = this.#field.slice(0, -1);
    else if (byte === 3 || byte === 4) this.#leave();
    else if (this.#field.length < MAXIMUM_FIELD) {
      this.#field += String.fromCharCode(byte);
      if (this.#state === 'user') this.#say(String.fromCharCode(byte));
    }
  }

  #enter(): void {
    const field = this.#field;
    this.#field = '';
    this.#say('\r\n');
    if (this.#state === 'user') {
      this.#user = field;
      this.#state = field === '' ? 'user' : 'secret';
      this.#ask();
      return;
    }
    this.#attempts += 1;
    if (this.#doorkeeper.admits(this.#user, field, 'password')) this.#enterShell();
    else if (this.#attempts >= MAXIMUM_ATTEMPTS) this.#leave();
    else {
      this.#state = 'user';
      this.#say('Login incorrect\r\n');
      this.#ask();
    }
  }

  #enterShell(): void {
    const machine = this.#context.machines[this.#service.machine];
    if (machine === undefined) {
      this.#leave();
      return;
    }
    this.#state = 'shell';
    this.#shell = new Shell(machine, this.#context, this.#peer, this.#user);
    this.#terminal = new Terminal(
      this.#shell,
      this.#peer,
      true,
      (text) => this.#peer.send(Buffer.from(text, 'latin1')),
      () => this.#leave(),
    );
    this.#terminal.greet();
  }

  #ask(): void {
    this.#say(this.#state === 'secret' ? 'Password: ' : `${this.#context.identity.hostName} login: `);
  }

  #leave(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.ended();
    this.#peer.end();
  }

  #say(text: string): void {
    this.#peer.frame('o', text);
    this.#peer.send(Buffer.from(text, 'latin1'));
  }
}
