import type { Detection, DetectionSample, Protocol } from './protocol.ts';

/** Where bytes come from that a signature looks at. */
export interface SignatureView {
  readonly serverPort: number;
  readonly clientPort: number;
  readonly transport: 'tcp' | 'udp';
  readonly isFromServer: boolean;
}

/** A protocol that is told from its first bytes and not read any further. */
export interface Signature {
  readonly id: string;
  readonly title: string;
  /** Where the signature is published. */
  readonly standards: readonly string[];
  readonly transports: readonly ('tcp' | 'udp')[];
  readonly usualPorts?: readonly number[];
  readonly isEncrypted?: boolean;
  /** Values of the first byte, or texts with which it may begin; absent where any byte may come first. */
  readonly begins?: readonly (number | string)[];
  /** Bytes that the signature needs; fewer are waited for on TCP. */
  readonly needs: number;
  /**
   * Who shows the signature on TCP: whoever speaks first (the default), or only the end that answers, where the first
   * words of the other tell nothing.
   */
  readonly shownBy?: 'first' | 'either';
  /** @param bytes first bytes of one direction (TCP) or one datagram (UDP), at most 512, at least `needs` */
  matches(bytes: Uint8Array, view: SignatureView): boolean;
}

/** A room that names a flow and takes nothing from it: for what is to be known on a network but tells no more. */
export function defineRecognitionRoom(signature: Signature): Protocol {
  const { begins } = signature;
  const firstBytes = begins?.map((begin) => (typeof begin === 'number' ? begin : begin.charCodeAt(0)));
  return {
    id: signature.id,
    title: signature.title,
    standards: signature.standards,
    transports: signature.transports,
    usualPorts: signature.usualPorts ?? [],
    isEncrypted: signature.isEncrypted ?? false,
    isClinical: false,
    ...(firstBytes === undefined ? {} : { firstBytes }),
    detect: (sample) => detectSignature(signature, firstBytes, sample),
    evidence: () => [],
  };
}

function detectSignature(
  signature: Signature,
  firstBytes: readonly number[] | undefined,
  sample: DetectionSample,
): Detection {
  const { transport, clientPort, serverPort, toServer, toClient } = sample;
  let refusals = 0;
  for (const bytes of [toServer, toClient]) {
    if (bytes.length === 0) continue;
    const isPossible = firstBytes?.includes(bytes[0] ?? -1) !== false;
    if (isPossible && bytes.length < signature.needs && transport === 'tcp') continue;
    const view = { serverPort, clientPort, transport, isFromServer: bytes === toClient };
    if (isPossible && bytes.length >= signature.needs && signature.matches(bytes, view)) return 'match';
    refusals += 1;
  }
  const isOver = transport === 'udp' || refusals === 2 || (refusals === 1 && signature.shownBy !== 'either');
  return isOver ? 'reject' : 'undecided';
}

/** @returns whether one end of the flow has one of these ports */
export function isAt({ serverPort, clientPort }: SignatureView, ...ports: readonly number[]): boolean {
  return ports.includes(serverPort) || ports.includes(clientPort);
}
