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

/** Filled anew for each question, and not kept by those who are asked. */
const view = { serverPort: 0, clientPort: 0, transport: 'tcp' as 'tcp' | 'udp', isFromServer: false };

function detectSignature(
  signature: Signature,
  firstBytes: readonly number[] | undefined,
  sample: DetectionSample,
): Detection {
  const { transport, toServer, toClient } = sample;
  const ofClient = isShown(signature, firstBytes, sample, toServer, false);
  if (ofClient === true) return 'match';
  const ofServer = isShown(signature, firstBytes, sample, toClient, true);
  if (ofServer === true) return 'match';
  const refusals = (ofClient === false ? 1 : 0) + (ofServer === false ? 1 : 0);
  const isOver = transport === 'udp' || refusals === 2 || (refusals === 1 && signature.shownBy !== 'either');
  return isOver ? 'reject' : 'undecided';
}

/** @returns whether one end shows the signature; undefined as long as too little came to tell */
function isShown(
  signature: Signature,
  firstBytes: readonly number[] | undefined,
  { transport, clientPort, serverPort }: DetectionSample,
  bytes: Uint8Array,
  isFromServer: boolean,
): boolean | undefined {
  if (bytes.length === 0) return undefined;
  if (firstBytes?.includes(bytes[0] ?? -1) === false) return false;
  if (bytes.length < signature.needs) return transport === 'tcp' ? undefined : false;
  view.serverPort = serverPort;
  view.clientPort = clientPort;
  view.transport = transport;
  view.isFromServer = isFromServer;
  return signature.matches(bytes, view);
}

/** @returns whether one end of the flow has one of these ports */
export function isAt({ serverPort, clientPort }: SignatureView, ...ports: readonly number[]): boolean {
  return ports.includes(serverPort) || ports.includes(clientPort);
}
