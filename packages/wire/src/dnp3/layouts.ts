/** One part of a point: a number, a text, or bits of one octet, the lowest first. */
export type PointField =
  | { readonly kind: 'bits'; readonly names: readonly (readonly [name: string, width: number])[] }
  | { readonly kind: NumberKind; readonly name: string }
  /** `length`: name of the field that has it; undefined for all that the size prefix leaves. */
  | { readonly kind: 'text' | 'octets'; readonly name: string; readonly length: string | undefined };
export type NumberKind = 'u8' | 'u16' | 'u24' | 'u32' | 'i16' | 'i32' | 'f32' | 'f64' | 'time';

/** How the points of one kind of object are laid out. */
export interface PointLayout {
  /** Of objects whose points are packed: bits of each, several to an octet (IEEE 1815 §11.3). */
  readonly packed: { readonly name: string; readonly bits: number } | undefined;
  readonly fields: readonly PointField[];
}

const FLAGS: Readonly<Record<string, string>> = {
  binary: 'chatter_filter reserved state',
  double: 'chatter_filter state:2',
  output: 'reserved0 reserved1 state',
  counter: 'rollover discontinuity reserved0',
  'counter-time': 'rollover discontinuity reserved1',
  delta: 'rollover reserved0 reserved1',
  analog: 'over_range reference_err reserved0',
  statistics: 'reserved0 discontinuity reserved1',
};
const EVERY_POINT = 'online restart comm_lost remote_forced local_forced';
const BLOCK = 'bits(op_type:4 qu cr tcc:2) u8=count u32=ontime u32=offtime bits(status_code:7 reserved)';
const STATUS = 'bits(status_code:7 reserved0)';
const COMMANDED = 'bits(status_code:7 commanded_state)';

/**
 * Objects by group and variation (IEEE 1815 annex A); fields are named as EVE JSON names them. `flags(…)` is an octet of
 * quality bits, `text=name:length` a text whose length another field has.
 */
const LAYOUTS: Readonly<Record<string, string>> = {
  '1.1': 'packed1=state',
  '1.2': 'flags(binary)',
  '2.1': 'u8=state',
  '2.2': 'flags(binary) time=timestamp',
  '2.3': 'flags(binary) u16=timestamp',
  '3.1': 'packed2=state',
  '3.2': 'flags(double)',
  '4.1': 'flags(double)',
  '4.2': 'flags(double) time=timestamp',
  '4.3': 'flags(double) u16=relative_time_ms',
  '10.1': 'packed1=state',
  '10.2': 'flags(output)',
  '11.1': 'flags(output)',
  '11.2': 'flags(output) time=timestamp',
  '12.1': BLOCK,
  '12.2': BLOCK,
  '12.3': 'packed1=point',
  '13.1': COMMANDED,
  '13.2': `${COMMANDED} time=timestamp`,
  '20.1': 'flags(counter) u32=count',
  '20.2': 'flags(counter) u16=count',
  '20.3': 'flags(delta) u32=count',
  '20.4': 'flags(delta) u16=count',
  '20.5': 'u32=count',
  '20.6': 'u16=count',
  '20.7': 'u32=count',
  '20.8': 'u16=count',
  '21.1': 'flags(counter) u32=count',
  '21.2': 'flags(counter) u16=count',
  '21.3': 'flags(delta) u32=count',
  '21.4': 'flags(delta) u16=count',
  '21.5': 'flags(counter-time) u32=count time=timestamp',
  '21.6': 'flags(counter-time) u16=count time=timestamp',
  '21.7': 'flags(delta) u32=count time=timestamp',
  '21.8': 'flags(delta) u16=count time=timestamp',
  '21.9': 'u32=count',
  '21.10': 'u16=count',
  '21.11': 'u32=count',
  '21.12': 'u16=count',
  '22.1': 'flags(counter) u32=count',
  '22.2': 'flags(counter) u16=count',
  '22.3': 'flags(delta) u32=count',
  '22.4': 'flags(delta) u16=count',
  '22.5': 'flags(delta) u32=count time=timestamp',
  '22.6': 'flags(counter) u16=count time=timestamp',
  '22.7': 'flags(delta) u32=count time=timestamp',
  '22.8': 'flags(delta) u16=count time=timestamp',
  '23.1': 'flags(counter) u32=count',
  '23.2': 'flags(delta) u16=count',
  '23.3': 'flags(delta) u32=count',
  '23.4': 'flags(delta) u16=count',
  '23.5': 'flags(counter) u32=count time=timestamp',
  '23.6': 'flags(counter) u16=count time=timestamp',
  '23.7': 'flags(delta) u32=count time=timestamp',
  '23.8': 'flags(delta) u16=count time=timestamp',
  '30.1': 'flags(analog) i32=value',
  '30.2': 'flags(analog) i16=value',
  '30.3': 'i32=value',
  '30.4': 'i16=value',
  '30.5': 'flags(analog) f32=value',
  '30.6': 'flags(analog) f64=value',
  '31.1': 'flags(analog) i32=value',
  '31.2': 'flags(analog) i16=value',
  '31.3': 'flags(analog) i32=value time=timestamp',
  '31.4': 'flags(analog) i16=value time=timestamp',
  '31.5': 'i32=value',
  '31.6': 'i16=value',
  '31.7': 'flags(analog) f32=value',
  '31.8': 'flags(analog) f64=value',
  ...analogEvents(32),
  ...analogEvents(33),
  '34.1': 'u16=deadband_value',
  '34.2': 'u32=deadband_value',
  '34.3': 'f32=deadband_value',
  '40.1': 'flags(analog) i32=value',
  '40.2': 'flags(analog) i16=value',
  '40.3': 'flags(analog) f32=value',
  '40.4': 'flags(analog) f64=value',
  '41.1': 'i32=value u8=control_status',
  '41.2': 'i16=value u8=control_status',
  '41.3': 'f32=value u8=control_status',
  '41.4': 'f64=value u8=control_status',
  ...analogEvents(42),
  ...analogEvents(43, STATUS, 'commanded_value'),
  '50.1': 'time=timestamp',
  '50.2': 'time=timestamp u32=interval',
  '50.3': 'time=timestamp',
  '50.4': 'time=timestamp u32=interval_count u8=interval_units',
  '51.1': 'time=timestamp',
  '51.2': 'time=timestamp',
  '52.1': 'u16=delay_secs',
  '52.2': 'u16=delay_ms',
  '70.1':
    'u16=filename_size u8=filetype_code u8=attribute_code u16=start_record u16=end_record u32=file_size ' +
    'time=created_timestamp u16=permission u32=file_id u32=owner_id u32=group_id u8=file_function_code u8=status_code ' +
    'text=filename:filename_size u16=data_size text=data:data_size',
  '70.2':
    'u16=username_offset u16=username_size u16=password_offset u16=password_size u32=authentication_key ' +
    'text=username:username_size text=password:password_size',
  '70.3':
    'u16=filename_offset u16=filename_size time=created u16=permissions u32=authentication_key u32=file_size ' +
    'u16=operational_mode u16=maximum_block_size u16=request_id text=filename:filename_size',
  '70.4': 'u32=file_handle u32=file_size u16=maximum_block_size u16=request_id u8=status_code text=optional_text',
  '70.5': 'u32=file_handle u32=block_number text=file_data',
  '70.6': 'u32=file_handle u32=block_number u8=status_code text=optional_text',
  '70.7':
    'u16=filename_offset u16=filename_size u16=file_type u32=file_size time=created_timestamp u16=permissions ' +
    'u16=request_id text=filename:filename_size',
  '70.8': 'text=file_specification',
  '80.1': 'packed1=state',
  '81.1': 'bits(fill_percentage:7 overflow_state) u8=group u8=variation',
  '83.1': 'u32=vendor_code u16=object_id u16=length octets=data_objects:length',
  '86.2': 'bits(rd wr st ev df padding0 padding1 padding2)',
  '102.1': 'u8=value',
  '120.1': 'u32=csq u16=usr u8=mal u8=reason octets=challenge_data',
  '120.2': 'u32=csq u16=usr octets=mac_value',
  '120.3': 'u32=csq u16=user_number',
  '120.4': 'u16=user_number',
  '120.5':
    'u32=ksq u16=user_number u8=key_wrap_alg u8=key_status u8=mal u16=challenge_data_len ' +
    'octets=challenge_data:challenge_data_len octets=mac_value',
  '120.6': 'u24=ksq u16=usr octets=wrapped_key_data',
  '120.7': 'u32=sequence_number u16=usr u16=association_id u8=error_code time=time_of_error text=error_text',
  '120.8': 'u8=key_change_method u8=certificate_type octets=certificate',
  '120.9': 'octets=mac_value',
  '120.10':
    'u8=key_change_method u8=operation u32=scs u16=user_role u16=user_role_expiry_interval u16=username_len ' +
    'u16=user_public_key_len u16=certification_data_len text=username:username_len ' +
    'octets=user_public_key:user_public_key_len octets=certification_data:certification_data_len',
  '120.11':
    'u8=key_change_method u16=username_len u16=master_challenge_data_len text=username:username_len ' +
    'octets=master_challenge_data:master_challenge_data_len',
  '120.12': 'u32=ksq u16=user_number u16=challenge_data_len octets=challenge_data:challenge_data_len',
  '120.13':
    'u32=ksq u16=user_number u16=encrypted_update_key_len octets=encrypted_update_key_data:encrypted_update_key_len',
  '120.14': 'octets=digital_signature',
  '120.15': 'octets=mac',
  '121.1': 'flags(statistics) u16=association_id u32=count_value',
  '122.1': 'flags(statistics) u16=association_id u32=count_value',
  '122.2': 'flags(statistics) u16=association_id u32=count_value time=timestamp',
};

/** Numbers of 32 and 16 bits, each without and with time, then single and double precision. */
function analogEvents(group: number, flags = 'flags(analog)', name = 'value'): Record<string, string> {
  const kinds = ['i32', 'i16', 'i32', 'i16', 'f32', 'f64', 'f32', 'f64'];
  const hasTime = [false, false, true, true, false, false, true, true];
  return Object.fromEntries(
    kinds.map((kind, index) => [
      `${group}.${index + 1}`,
      `${flags} ${kind}=${name}${hasTime[index] === true ? ' time=timestamp' : ''}`,
    ]),
  );
}

const read = new Map<string, PointLayout>();

/** @returns undefined for objects that the standard does not name, or whose points are not read */
export function layoutOf(group: number, variation: number): PointLayout | undefined {
  const key = `${group}.${variation}`;
  const known = read.get(key);
  const text = LAYOUTS[key];
  if (known !== undefined || text === undefined) return known;
  const layout = readLayout(text);
  read.set(key, layout);
  return layout;
}

function readLayout(text: string): PointLayout {
  const packed = /^packed(\d)=(\w+)$/.exec(text);
  if (packed !== null) return { packed: { bits: Number(packed[1]), name: packed[2] ?? '' }, fields: [] };
  const parts = text.match(/\w+\([^)]*\)|\S+/g) ?? [];
  return { packed: undefined, fields: parts.map(readField) };
}

function readField(part: string): PointField {
  const [, kind = '', inside] = /^(\w+)\((.*)\)$/.exec(part) ?? [];
  if (inside !== undefined) return { kind: 'bits', names: readBits(kind === 'flags' ? flagsOf(inside) : inside) };
  const [type = '', rest = ''] = part.split('=');
  const [name = '', length] = rest.split(':');
  if (type === 'text' || type === 'octets') return { kind: type, name, length };
  return { kind: type as NumberKind, name };
}

function flagsOf(name: string): string {
  return `${EVERY_POINT} ${FLAGS[name] ?? ''}`;
}

function readBits(text: string): readonly (readonly [string, number])[] {
  return text.split(' ').map((bit) => {
    const [name = '', width = '1'] = bit.split(':');
    return [name, Number(width)] as const;
  });
}
