import { cleanText } from '../bytes/text.ts';
import { attributeOf, startTags } from '../bytes/xml.ts';

/** What one message says, without what is about persons and results. */
export interface Poct1aMessage {
  readonly messageType: string;
  readonly controlId: string;
  readonly sender: 'device' | 'data-manager' | '';
  /** Of an acknowledgement: the message that it answers. */
  readonly answeredId: string;
  readonly isRefusal: boolean;
  readonly errorCode: string;
  readonly vendor: string;
  readonly model: string;
  readonly serial: string;
  readonly versions: readonly string[];
  readonly topic: string;
  readonly observations: number;
  readonly hasPassword: boolean;
}

/** Messages by who sends them (POCT01-A2 appendix B, device messaging layer). */
const FROM_DEVICE = ['HEL', 'DST', 'OBS', 'EVS'];
const FROM_MANAGER = ['REQ', 'DTV', 'OPL', 'PTL', 'END', 'PSD'];
const VALUE = /^[\w .:/+-]{1,64}$/;
const CODE = /^[A-Z0-9_.-]{1,40}$/i;

/** @param text one message, or the beginning of a long one */
export function readPoct1a(messageType: string, text: string): Poct1aMessage {
  const [kind = ''] = messageType.split('.');
  const value = (element: string) => valueIn(text, element);
  const isHello = kind === 'HEL';
  const about = (element: string) => (isHello ? plain(value(element)) : '');
  const versions = [
    ['hardware', about('DEV.hw_version')],
    ['software', about('DEV.sw_version')],
  ] as const;
  return {
    messageType,
    controlId: cleanText(value('HDR.control_id'), 64),
    sender: FROM_DEVICE.includes(kind) ? 'device' : FROM_MANAGER.includes(kind) ? 'data-manager' : '',
    answeredId: cleanText(value('ACK.ack_control_id'), 64),
    isRefusal: kind === 'ACK' && !/^(AA|CA)?$/i.test(value('ACK.type_cd')),
    errorCode: code(value('ACK.error_detail_cd')),
    vendor: about('DEV.manufacturer_name') || about('DEV.vendor_id').replaceAll('^', ' '),
    model: about('DEV.model_id') || about('DEV.device_name'),
    serial: about('DEV.serial_id'),
    versions: versions.filter(([, version]) => version !== '').map((version) => version.join(' ')),
    topic: topicOf(kind, value),
    observations: kind === 'DST' ? count(value('DST.new_observations_qty')) : text.split(/<OBS[\s>]/).length - 1,
    hasPassword: /<ACC\.password[^<>]*(?:>[^<]| V="[^"])/.test(text),
  };
}

function topicOf(kind: string, value: (element: string) => string): string {
  switch (kind) {
    case 'REQ':
      return code(value('REQ.request_cd'));
    case 'DTV':
      return code(value('DTV.command_cd'));
    case 'EOT':
      return code(value('EOT.topic_cd'));
    case 'END':
      return code(value('TRM.reason_cd'));
    default:
      return '';
  }
}

/** The attribute V of an element (POCT01-A2 §B.3). */
function valueIn(text: string, element: string): string {
  return attributeOf(startTags(text, element, 1)[0] ?? '', 'V');
}

function plain(text: string): string {
  const clean = cleanText(text.replaceAll('^', ' '), 64);
  return VALUE.test(clean) ? clean : '';
}

function code(text: string): string {
  return CODE.test(text) ? text : '';
}

function count(text: string): number {
  const number = Number.parseInt(text, 10);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}
