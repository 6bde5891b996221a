import type { Codec, MediaDescription } from '../rtp/types.ts';

const MAXIMUM_MEDIA = 8;
const MAXIMUM_CODECS = 32;
/** Payload types of RTP. */
const MAXIMUM_TYPE = 127;
/** RFC 8866 §5.14, RFC 5764 §8: profiles of RTP; those with an S are encrypted. */
const PROFILE = /^(?:UDP\/TLS\/)?RTP\/(S?)AVPF?$/;
/** Nobody sends there: the call is on hold (RFC 3264 §8.4). */
const NOWHERE = new Set(['0.0.0.0', '::']);

/** Media of a session description (RFC 8866 §5), as far as they go over RTP to an address that it names. */
export function mediaOf(description: string): readonly MediaDescription[] {
  const [session = '', ...sections] = description.split(/^(?=m=)/m);
  const address = addressIn(session);
  return sections.slice(0, MAXIMUM_MEDIA).flatMap((section) => mediumIn(section, address) ?? []);
}

/** Kinds of media that it speaks of, over whatever they go. */
export function kindsIn(description: string): readonly string[] {
  const kinds = [...description.matchAll(/^m=([a-z]{4,12}) /gm)].map(([, kind = '']) => kind);
  return [...new Set(kinds)].slice(0, MAXIMUM_MEDIA);
}

function mediumIn(section: string, sessionAddress: string): MediaDescription | undefined {
  const [, kind = '', port = '0', protocol = ''] =
    /^m=([a-z]{4,12}) (\d{1,5})(?:\/\d+)? (\S{1,32})/.exec(section) ?? [];
  const secure = PROFILE.exec(protocol)?.[1];
  const ip = addressIn(section) || sessionAddress;
  const number = Number(port);
  if (secure === undefined || ip === '' || NOWHERE.has(ip) || number === 0 || number > 65_535) return undefined;
  return {
    kind,
    ip,
    port: number,
    codecs: codecsIn(section),
    isEncrypted: secure === 'S' || /^a=crypto:/m.test(section),
  };
}

/** RFC 8866 §5.7. @returns empty where none is given, or a name */
function addressIn(section: string): string {
  const [, version = '', address = ''] = /^c=IN IP([46]) ([0-9A-Fa-f.:]{2,45})(?:\/\d+)*\s*$/m.exec(section) ?? [];
  if (version === '4') return address;
  return version === '6' && URL.canParse(`http://[${address}]`)
    ? new URL(`http://[${address}]`).hostname.slice(1, -1)
    : '';
}

/** RFC 8866 §6.6. */
function codecsIn(section: string): ReadonlyMap<number, Codec> {
  const codecs = new Map<number, Codec>();
  for (const [, type = '', name = '', clock = ''] of section.matchAll(
    /^a=rtpmap:(\d{1,3}) ([\w.-]{1,32})\/(\d{1,7})/gm,
  )) {
    if (Number(type) <= MAXIMUM_TYPE && codecs.size < MAXIMUM_CODECS)
      codecs.set(Number(type), { name, clockRate: Number(clock) });
  }
  return codecs;
}
