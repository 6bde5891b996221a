import { RESPONSE, UNSOLICITED } from '../../../dnp3/functions.ts';
import type { Dnp3Detail } from '../../../dnp3/messages.ts';
import type { Dnp3Object, Dnp3Point } from '../../../dnp3/objects.ts';
import type { EveBody, EveMembers } from '../eve-event.ts';

/** Internal indications (IEEE 1815 §4.2.2.6), by their bits, those of the first octet above. */
const INDICATIONS: readonly (readonly [bit: number, name: string])[] = [
  [0x8000, 'device_restart'],
  [0x4000, 'device_trouble'],
  [0x2000, 'local_control'],
  [0x1000, 'need_time'],
  [0x0800, 'class_3_events'],
  [0x0400, 'class_2_events'],
  [0x0200, 'class_1_events'],
  [0x0100, 'all_stations'],
  [0x0080, 'reserved_1'],
  [0x0040, 'reserved_2'],
  [0x0020, 'config_corrupt'],
  [0x0010, 'already_executing'],
  [0x0008, 'event_buffer_overflow'],
  [0x0004, 'parameter_error'],
  [0x0002, 'object_unknown'],
  [0x0001, 'no_func_code_support'],
];

/** One message with its link header; what its points say is content. */
export function dnp3Body(detail: Dnp3Detail, withContent: boolean): EveBody {
  const { linkControl, source, destination, control, indications, content } = detail;
  const objects = content.objects.map((object) => objectMembers(object, withContent));
  const members: EveMembers = {
    type: typeOf(detail.function),
    control: {
      dir: isSet(linkControl, 0x80),
      pri: isSet(linkControl, 0x40),
      fcb: isSet(linkControl, 0x20),
      fcv: isSet(linkControl, 0x10),
      function_code: linkControl & 0x0f,
    },
    src: source,
    dst: destination,
    application: {
      control: {
        fir: isSet(control, 0x80),
        fin: isSet(control, 0x40),
        con: isSet(control, 0x20),
        uns: isSet(control, 0x10),
        sequence: control & 0x0f,
      },
      function_code: detail.function,
      ...(objects.length === 0 ? {} : { objects }),
      complete: content.isComplete,
    },
    ...(indications === undefined ? {} : { iin: indicationMembers(indications) }),
  };
  return { type: 'dnp3', members };
}

function typeOf(code: number): string {
  if (code === UNSOLICITED) return 'unsolicited_response';
  return code >= RESPONSE ? 'response' : 'request';
}

function isSet(octet: number, bit: number): boolean {
  return (octet & bit) !== 0;
}

function indicationMembers(indications: number): EveMembers {
  const names = INDICATIONS.filter(([bit]) => isSet(indications, bit)).map(([, name]) => name);
  return names.length === 0 ? {} : { indicators: names };
}

function objectMembers(object: Dnp3Object, withContent: boolean): EveMembers {
  const { group, variation, qualifier, prefixCode, rangeCode, start, stop, count, points } = object;
  const range = { prefix_code: prefixCode, range_code: rangeCode, start, stop, count };
  const told = withContent && points.length > 0 ? { points: points.map(pointMembers) } : {};
  return { group, variation, qualifier, ...range, ...told };
}

function pointMembers({ prefix, index, size, fields }: Dnp3Point): EveMembers {
  const values = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  ]);
  return { prefix, index, ...(size === undefined ? {} : { size }), ...Object.fromEntries(values) };
}
