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
  ['mqtt', 'mqtt', 'pdu header data'],
  ['sip', 'sip', 'pdu request.line request.headers request.body response.line response.headers response.body'],
  ['tls', 'tls', 'pdu hdr data'],
  ['websocket', 'websocket', 'header pdu data'],
];

/** Every frame that the sensor gives. */
export const FRAMES: readonly FrameInfo[] = GIVEN.flatMap(([language, room, types]) =>
  types.split(' ').map((type) => ({ language, room, type })),
);
