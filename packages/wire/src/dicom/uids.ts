import { SERVICE_CLASSES, type ServiceClassName } from './sop-classes.ts';

const SOP_CLASSES: ReadonlyMap<string, { readonly name: string; readonly service: ServiceClassName }> = new Map(
  SERVICE_CLASSES.flatMap(({ name: service, sopClasses }) =>
    Object.entries(sopClasses).map(([uid, name]) => [uid, { name, service }] as const),
  ),
);

/** Names of transfer syntaxes (PS3.6 annex A, PS3.5 annex A), by what follows the root of DICOM. */
const ROOT = '1.2.840.10008.1.2';
const TRANSFER_SYNTAX_NAMES: Readonly<Record<string, string>> = {
  '': 'Implicit VR Little Endian',
  '.1': 'Explicit VR Little Endian',
  '.1.98': 'Encapsulated Uncompressed Explicit VR Little Endian',
  '.1.99': 'Deflated Explicit VR Little Endian',
  '.2': 'Explicit VR Big Endian',
  '.4.50': 'JPEG Baseline',
  '.4.51': 'JPEG Extended',
  '.4.57': 'JPEG Lossless',
  '.4.70': 'JPEG Lossless First-Order Prediction',
  '.4.80': 'JPEG-LS Lossless',
  '.4.81': 'JPEG-LS Near-Lossless',
  '.4.90': 'JPEG 2000 Lossless',
  '.4.91': 'JPEG 2000',
  '.4.92': 'JPEG 2000 Part 2 Lossless',
  '.4.93': 'JPEG 2000 Part 2',
  '.4.94': 'JPIP Referenced',
  '.4.95': 'JPIP Referenced Deflate',
  '.4.100': 'MPEG2 Main Profile',
  '.4.101': 'MPEG2 Main Profile / High Level',
  '.4.102': 'MPEG-4 AVC/H.264 High Profile',
  '.4.103': 'MPEG-4 AVC/H.264 BD-compatible High Profile',
  '.4.104': 'MPEG-4 AVC/H.264 High Profile for 2D Video',
  '.4.105': 'MPEG-4 AVC/H.264 High Profile for 3D Video',
  '.4.106': 'MPEG-4 AVC/H.264 Stereo High Profile',
  '.4.107': 'HEVC/H.265 Main Profile',
  '.4.108': 'HEVC/H.265 Main 10 Profile',
  '.4.110': 'JPEG XL Lossless',
  '.4.111': 'JPEG XL JPEG Recompression',
  '.4.112': 'JPEG XL',
  '.4.201': 'High-Throughput JPEG 2000 Lossless',
  '.4.202': 'High-Throughput JPEG 2000 with RPCL Lossless',
  '.4.203': 'High-Throughput JPEG 2000',
  '.4.204': 'JPIP HTJ2K Referenced',
  '.4.205': 'JPIP HTJ2K Referenced Deflate',
  '.5': 'RLE Lossless',
  '.6.1': 'RFC 2557 MIME Encapsulation',
  '.6.2': 'XML Encoding',
  '.7.1': 'SMPTE ST 2110-20 Progressive Video',
  '.7.2': 'SMPTE ST 2110-20 Interlaced Video',
  '.7.3': 'SMPTE ST 2110-30 Audio',
  '.8.1': 'Deflated Image Frame Compression',
};

/** Retired processes of JPEG: 52 to 56 and 58 to 66. */
const RETIRED_JPEG = /^\.4\.(?:5[2-689]|6[0-6])$/;

/** @returns the name of a SOP class, or the UID itself */
export function sopClassName(uid: string): string {
  return SOP_CLASSES.get(uid)?.name ?? uid;
}

/** @returns the service class (PS3.4) that a SOP class belongs to; empty for private and unknown ones */
export function serviceClassOf(uid: string): ServiceClassName | '' {
  return SOP_CLASSES.get(uid)?.service ?? '';
}

/** @returns the name of a transfer syntax, or the UID itself */
export function transferSyntaxName(uid: string): string {
  if (!uid.startsWith(ROOT)) return uid;
  const rest = uid.slice(ROOT.length);
  return TRANSFER_SYNTAX_NAMES[rest] ?? (RETIRED_JPEG.test(rest) ? `retired JPEG${rest.slice(2)}` : uid);
}
