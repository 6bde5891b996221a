/** A part of a stream that rules can look at with `frame`. */
export interface FrameInfo {
  /** Protocol as the language names it. */
  readonly language: string;
  /** Id of the sensor's room. */
  readonly room: string;
  readonly type: string;
}

/** Protocol of the language, room of the sensor, types of its frames. */
const GIVEN: readonly (readonly [string, string, string])[] = [
  ['dns', 'dns', 'pdu'],
  ['http', 'http', 'request response'],
  ['http1', 'http', 'request response'],
  ['mqtt', 'mqtt', 'pdu header data'],
  ['sip', 'sip', 'pdu request.line request.headers request.body response.line response.headers response.body'],
  ['smb', 'smb', partsOf('nbss smb1 smb2 smb3')],
  ['ssh', 'ssh', 'record_hdr record_data record_pdu'],
  ['telnet', 'telnet', 'pdu ctl data'],
  ['tls', 'tls', 'pdu hdr data'],
  ['websocket', 'websocket', 'header pdu data'],
];

/** Every frame that the sensor gives. */
export const FRAMES: readonly FrameInfo[] = GIVEN.flatMap(([language, room, types]) =>
  types.split(' ').map((type) => ({ language, room, type })),
);

/** Each layer whole, its header, and what follows that. */
function partsOf(layers: string): string {
  return layers.replaceAll(/\S+/g, '$&.pdu $&.hdr $&.data');
}
