import type { Codec } from './types.ts';

type StaticCodec = Codec & { readonly kind: 'audio' | 'video' };

const AUDIO_CLOCK = 8000;
const VIDEO_CLOCK = 90_000;

/** Static payload types (RFC 3551 §6). */
const STATIC: ReadonlyMap<number, StaticCodec> = new Map<number, StaticCodec>([
  [0, audio('PCMU')],
  [3, audio('GSM')],
  [4, audio('G723')],
  [5, audio('DVI4')],
  [6, audio('DVI4', 16_000)],
  [7, audio('LPC')],
  [8, audio('PCMA')],
  [9, audio('G722')],
  [10, audio('L16', 44_100)],
  [11, audio('L16', 44_100)],
  [12, audio('QCELP')],
  [13, audio('CN')],
  [14, audio('MPA', VIDEO_CLOCK)],
  [15, audio('G728')],
  [16, audio('DVI4', 11_025)],
  [17, audio('DVI4', 22_050)],
  [18, audio('G729')],
  [25, video('CelB')],
  [26, video('JPEG')],
  [28, video('nv')],
  [31, video('H261')],
  [32, video('MPV')],
  [33, video('MP2T')],
  [34, video('H263')],
]);

function audio(name: string, clockRate = AUDIO_CLOCK): StaticCodec {
  return { kind: 'audio', name, clockRate };
}

function video(name: string): StaticCodec {
  return { kind: 'video', name, clockRate: VIDEO_CLOCK };
}

/** @returns codec of a static payload type with the kind of its medium; undefined for those that are agreed on anew each time */
export function staticCodec(payloadType: number): StaticCodec | undefined {
  return STATIC.get(payloadType);
}
