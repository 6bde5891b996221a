import { createHash } from 'node:crypto';
import type { Peer } from '../conversation.ts';
import { SshReader, sshString, uint32 } from './binary.ts';
import {
  deriveKey,
  exchange,
  HOST_KEY_ALGORITHMS,
  type HostKeyAlgorithm,
  type HostKeys,
  KEX_METHODS,
  type KexMethod,
  publicBlob,
  signHash,
} from './key-exchange.ts';
import {
  CIPHERS,
  type CipherKeys,
  type CipherName,
  ivLength,
  keyLength,
  MACS,
  type MacName,
  macLength,
  PacketOpener,
  PacketSealer,
} from './packet-cipher.ts';

// Transport layer of SSH, server side (RFC 4253), with strict key exchange of OpenSSH (PROTOCOL §1.10).

export const MESSAGE = {
  disconnect: 1,
  ignore: 2,
  unimplemented: 3,
  debug: 4,
  kexInit: 20,
  newKeys: 21,
  kexRequest: 30,
  kexReply: 31,
} as const;
const MAXIMUM_GREETING = 8192;
const MAXIMUM_WAITING = 512 * 1024;

interface Agreed {
  readonly kex: KexMethod;
  readonly hostKey: HostKeyAlgorithm;
  readonly ciphers: readonly [toServer: CipherName, toClient: CipherName];
  readonly macs: readonly [toServer: MacName, toClient: MacName];
}

/** Packets of one connection: greeting, key exchange, encryption. What it holds goes to `take`. */
export class SshTransport {
  readonly #peer: Peer;
  readonly #keys: HostKeys;
  readonly #serverGreeting: string;
  readonly #take: (payload: Buffer) => void;
  #clientGreeting = '';
  #waiting = Buffer.alloc(0);
  #serverInit = Buffer.alloc(0);
  #clientInit: Buffer | undefined;
  #agreed: Agreed | undefined;
  #isGuessWrong = false;
  #isStrict = false;
  #sessionId: Buffer | undefined;
  #nextOpener: CipherKeys | undefined;
  #opener = new PacketOpener(undefined, 0);
  #sealer: PacketSealer;
  isOver = false;

  /** @param take a payload of a layer above, after the first key exchange */
  constructor(peer: Peer, keys: HostKeys, software: string, take: (payload: Buffer) => void) {
    this.#peer = peer;
    this.#keys = keys;
    this.#serverGreeting = `SSH-2.0-${software}`;
    this.#take = take;
    this.#sealer = new PacketSealer(undefined, 0, (length) => peer.random(length));
  }

  get sessionId(): Buffer {
    return this.#sessionId ?? Buffer.alloc(0);
  }

  open(): void {
    this.#peer.send(`${this.#serverGreeting}\r\n`);
  }

  receive(bytes: Buffer): void {
    if (this.isOver) return;
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    if (this.#clientGreeting === '' && !this.#readGreeting()) return;
    let offset = 0;
    while (!this.isOver) {
      const opened = this.#opener.open(this.#waiting.subarray(offset));
      if (opened.kind === 'incomplete') break;
      if (opened.kind === 'broken') {
        this.fail('sent a packet that is none');
        return;
      }
      offset += opened.consumed;
      this.#packet(opened.payload);
    }
    this.#waiting = Buffer.from(this.#waiting.subarray(offset));
    if (this.#waiting.length > MAXIMUM_WAITING) this.fail('sent a packet that is too long');
  }

  send(...parts: readonly Uint8Array[]): void {
    if (!this.isOver) this.#peer.send(this.#sealer.seal(Buffer.concat(parts)));
  }

  /** @param reason RFC 4253 §11.1 */
  disconnect(reason: number, text: string): void {
    this.send(Buffer.from([MESSAGE.disconnect]), uint32(reason), sshString(text), sshString(''));
    this.isOver = true;
    this.#peer.end();
  }

  fail(what: string): void {
    this.#peer.note('malformed', what);
    this.disconnect(2, 'Packet corrupt');
  }

  /** @returns whether the greeting has come whole (RFC 4253 §4.2) */
  #readGreeting(): boolean {
    const end = this.#waiting.indexOf(10);
    if (end < 0) {
      if (this.#waiting.length > MAXIMUM_GREETING) this.#refuse();
      return false;
    }
    const line = this.#waiting.toString('latin1', 0, end).replace(/\r$/, '');
    this.#waiting = Buffer.from(this.#waiting.subarray(end + 1));
    if (!/^SSH-(2\.0|1\.99)-/.test(line) || line.length > 255) {
      this.#refuse();
      return false;
    }
    this.#clientGreeting = line;
    const software = line.replace(/^SSH-[\d.]+-/, '');
    this.#peer.note('client', `SSH client ${software}`, { software });
    this.#sendInit();
    return true;
  }

  #refuse(): void {
    this.#peer.note('malformed', 'sent what is no greeting of SSH');
    this.#peer.send('Invalid SSH identification string.\r\n');
    this.isOver = true;
    this.#peer.end();
  }

  #sendInit(): void {
    const list = (names: readonly string[]) => sshString(names.join(','));
    const isFirst = this.#sessionId === undefined;
    this.#serverInit = Buffer.concat([
      Buffer.from([MESSAGE.kexInit]),
      this.#peer.random(16),
      list([...KEX_METHODS, ...(isFirst ? ['kex-strict-s-v00@openssh.com'] : [])]),
      list(HOST_KEY_ALGORITHMS),
      list(CIPHERS),
      list(CIPHERS),
      list(MACS),
      list(MACS),
      list(['none']),
      list(['none']),
      sshString(''),
      sshString(''),
      Buffer.from([0, 0, 0, 0, 0]),
    ]);
    this.send(this.#serverInit);
  }

  #packet(payload: Buffer): void {
    const [type = 0] = payload;
    if (type === MESSAGE.kexInit) this.#takeInit(Buffer.from(payload));
    else if (type === MESSAGE.kexRequest && this.#agreed !== undefined) this.#takeKexRequest(payload, this.#agreed);
    else if (type === MESSAGE.newKeys) this.#takeNewKeys();
    else if (type === MESSAGE.disconnect) {
      this.isOver = true;
      this.#peer.end();
    } else if (type === MESSAGE.ignore || type === MESSAGE.debug || type === MESSAGE.unimplemented) return;
    else if (this.#sessionId === undefined) this.fail('sent a message before the keys were agreed');
    else this.#take(payload);
  }

  #takeInit(payload: Buffer): void {
    const reader = new SshReader(payload, 17);
    const [kex = [], hostKeys = [], cipherIn = [], cipherOut = [], macIn = [], macOut = [], compression = []] =
      Array.from({ length: 8 }, () => reader.names());
    reader.string();
    reader.string();
    const isGuessed = reader.boolean();
    if (reader.isBroken) {
      this.fail('sent a broken list of algorithms');
      return;
    }
    if (this.#sessionId === undefined) {
      this.#isStrict = kex.includes('kex-strict-c-v00@openssh.com');
      const hassh = createHash('md5')
        .update([kex, cipherIn, macIn, compression].map((each) => each.join(',')).join(';'))
        .digest('hex');
      this.#peer.note('client', `HASSH ${hassh}`, { hassh });
    } else this.#sendInit();
    const agreed = agree(kex, hostKeys, [cipherIn, cipherOut], [macIn, macOut]);
    if (agreed === undefined) {
      this.disconnect(3, 'no matching algorithm found');
      return;
    }
    this.#clientInit = payload;
    this.#agreed = agreed;
    this.#isGuessWrong = isGuessed && (kex[0] !== agreed.kex || hostKeys[0] !== agreed.hostKey);
  }

  #takeKexRequest(payload: Buffer, agreed: Agreed): void {
    if (this.#isGuessWrong) {
      this.#isGuessWrong = false;
      return;
    }
    const clientValue = new SshReader(payload, 1).string();
    const shared = exchange(agreed.kex, clientValue);
    if (shared === undefined || this.#clientInit === undefined) {
      this.fail('sent no public value of the key exchange');
      return;
    }
    const hostKey = publicBlob(agreed.hostKey, this.#keys);
    const hash = createHash('sha256')
      .update(sshString(this.#clientGreeting))
      .update(sshString(this.#serverGreeting))
      .update(sshString(this.#clientInit))
      .update(sshString(this.#serverInit))
      .update(sshString(hostKey))
      .update(sshString(clientValue))
      .update(shared.serverValue)
      .update(shared.secret)
      .digest();
    this.#sessionId ??= hash;
    const signature = signHash(agreed.hostKey, this.#keys, hash);
    this.send(Buffer.from([MESSAGE.kexReply]), sshString(hostKey), shared.serverValue, sshString(signature));
    this.send(Buffer.from([MESSAGE.newKeys]));
    const keysOf = (index: 0 | 1): CipherKeys => {
      const cipher = agreed.ciphers[index];
      const mac = agreed.macs[index];
      const derive = (letter: string, length: number) =>
        deriveKey(shared.secret, hash, letter, this.#sessionId ?? hash, length);
      return {
        cipher,
        mac,
        iv: derive(index === 0 ? 'A' : 'B', ivLength(cipher)),
        key: derive(index === 0 ? 'C' : 'D', keyLength(cipher)),
        macKey: derive(index === 0 ? 'E' : 'F', macLength(mac)),
      };
    };
    this.#nextOpener = keysOf(0);
    this.#sealer = new PacketSealer(keysOf(1), this.#isStrict ? 0 : this.#sealer.sequence, (length) =>
      this.#peer.random(length),
    );
    this.#agreed = undefined;
  }

  #takeNewKeys(): void {
    if (this.#nextOpener === undefined) {
      this.fail('took keys into use that were not agreed');
      return;
    }
    this.#opener = new PacketOpener(this.#nextOpener, this.#isStrict ? 0 : this.#opener.sequence);
    this.#nextOpener = undefined;
  }
}

/** The first of the client's that the server has, too (RFC 4253 §7.1). */
function agree(
  kex: readonly string[],
  hostKeys: readonly string[],
  ciphers: readonly (readonly string[])[],
  macs: readonly (readonly string[])[],
): Agreed | undefined {
  const first = <T extends string>(wanted: readonly string[] = [], offered: readonly T[]) =>
    wanted.flatMap((name) => offered.filter((each) => each === name))[0];
  const method = first(kex, KEX_METHODS);
  const hostKey = first(hostKeys, HOST_KEY_ALGORITHMS);
  const [cipherIn, cipherOut] = ciphers.map((wanted) => first(wanted, CIPHERS));
  const [macIn, macOut] = macs.map((wanted) => first(wanted, MACS));
  if (method === undefined || hostKey === undefined || cipherIn === undefined || cipherOut === undefined)
    return undefined;
  // A cipher that authenticates by itself needs none.
  const macFor = (cipher: CipherName, mac: MacName | undefined) =>
    mac ?? (cipher.includes('gcm') ? MACS[0] : undefined);
  const inward = macFor(cipherIn, macIn);
  const outward = macFor(cipherOut, macOut);
  if (inward === undefined || outward === undefined) return undefined;
  return { kex: method, hostKey, ciphers: [cipherIn, cipherOut], macs: [inward, outward] };
}
