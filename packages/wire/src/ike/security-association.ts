import { ByteCursor } from '../bytes/byte-cursor.ts';

const MAXIMUM_TRANSFORMS = 64;
const HAS_SHORT_VALUE = 0x8000;
const KEY_LENGTH = 14;

/** Attributes of IKEv1 (RFC 2409 appendix A), as rules call them. */
const ATTRIBUTES_1: ReadonlyMap<number, string> = new Map([
  [1, 'alg_enc'],
  [2, 'alg_hash'],
  [3, 'alg_auth'],
  [4, 'alg_dh'],
  [5, 'sa_group_type'],
  [11, 'sa_life_type'],
  [12, 'sa_life_duration'],
  [13, 'alg_prf'],
  [KEY_LENGTH, 'sa_key_length'],
  [15, 'sa_field_size'],
]);

/** Types of transforms of IKEv2 (RFC 7296 §3.3.2). */
const TRANSFORMS_2: ReadonlyMap<number, string> = new Map([
  [1, 'alg_enc'],
  [2, 'alg_prf'],
  [3, 'alg_auth'],
  [4, 'alg_dh'],
  [5, 'alg_esn'],
]);

export type AssociationAttributes = ReadonlyMap<string, readonly number[]>;

/** @param body of the payload. @returns what each transform of its proposals says (RFC 2408 §3.4 to §3.6) */
export function readTransforms1(body: Uint8Array): readonly AssociationAttributes[] {
  const transforms: AssociationAttributes[] = [];
  // Domain of interpretation and situation.
  readProposals(new ByteCursor(body, 8), (transform) => {
    const values = new Map<string, number[]>();
    transform.skip(4);
    readAttributes(transform, values, ATTRIBUTES_1);
    transforms.push(values);
  });
  return transforms;
}

/** @param body of the payload. @returns what each proposal says (RFC 7296 §3.3): algorithms of every kind */
export function readProposals2(body: Uint8Array): readonly AssociationAttributes[] {
  const proposals: Map<string, number[]>[] = [];
  readProposals(
    new ByteCursor(body),
    (transform) => {
      const values = proposals.at(-1) ?? new Map<string, number[]>();
      const name = TRANSFORMS_2.get(transform.uint8());
      transform.skip(1);
      const id = transform.uint16();
      if (name !== undefined && !transform.isBroken) add(values, name, id);
      readAttributes(transform, values, new Map([[KEY_LENGTH, 'sa_key_length']]));
    },
    () => proposals.push(new Map()),
  );
  return proposals;
}

/** @returns what several transforms or proposals say together */
export function merged(parts: readonly AssociationAttributes[]): AssociationAttributes {
  const values = new Map<string, number[]>();
  for (const part of parts) for (const [name, numbers] of part) for (const one of numbers) add(values, name, one);
  return values;
}

/** Proposals and their transforms have the same head in both versions. */
function readProposals(cursor: ByteCursor, take: (transform: ByteCursor) => void, begin: () => void = () => {}): void {
  for (let count = 0; cursor.remaining >= 8 && count < MAXIMUM_TRANSFORMS; ) {
    cursor.skip(2);
    const proposal = new ByteCursor(cursor.slice(cursor.uint16() - 4));
    if (cursor.isBroken) return;
    proposal.skip(2);
    begin();
    const identifierBytes = proposal.uint8();
    proposal.skip(1 + identifierBytes);
    for (; proposal.remaining >= 8 && count < MAXIMUM_TRANSFORMS; count++) {
      proposal.skip(2);
      const transform = new ByteCursor(proposal.slice(proposal.uint16() - 4));
      if (proposal.isBroken) return;
      take(transform);
    }
    count += 1;
  }
}

/** RFC 2408 §3.3: values of two bytes, or as long as they say. */
function readAttributes(cursor: ByteCursor, values: Map<string, number[]>, names: ReadonlyMap<number, string>): void {
  while (cursor.remaining >= 4) {
    const type = cursor.uint16();
    const short = cursor.uint16();
    const isShort = (type & HAS_SHORT_VALUE) !== 0;
    const long = isShort ? undefined : cursor.slice(short);
    const name = names.get(type & 0x7fff);
    if (cursor.isBroken) return;
    if (name === undefined) continue;
    add(values, name, long === undefined ? short : long.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0));
  }
}

function add(values: Map<string, number[]>, name: string, value: number): void {
  const known = values.get(name);
  if (known === undefined) values.set(name, [value]);
  else known.push(value);
}
