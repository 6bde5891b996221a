import { ber, berInteger, berObjectId, TAG } from './ber.ts';

/** GetRequest-PDU (RFC 3416 §4.2.1). */
const GET = 0xa0;
/** Of the system group (RFC 3418 §2): description, object id, name, location. Not sysContact, which names a person. */
const SYSTEM_GROUP = ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.2.0', '1.3.6.1.2.1.1.5.0', '1.3.6.1.2.1.1.6.0'];
const NOTHING = ber(TAG.nothing);
/** RFC 3412 §6: reportable, without authentication and encryption; the user security model. */
const REPORTABLE = 0x04;
const USER_SECURITY_MODEL = 3;
const MAXIMUM_MESSAGE = 65_507;
/** RFC 1901 §3 and RFC 1157 §4: the number in the message. */
const VERSION_NUMBERS = { '1': 0, '2c': 1 } as const;

/** @returns a request for the system group */
export function snmpGet(version: '1' | '2c', community: string, id: number): Buffer {
  const bindings = SYSTEM_GROUP.map((oid) => ber(TAG.sequence, berObjectId(oid), NOTHING));
  return ber(
    TAG.sequence,
    berInteger(VERSION_NUMBERS[version]),
    ber(TAG.octets, community),
    pdu(id, ber(TAG.sequence, ...bindings)),
  );
}

/** @returns what a manager sends first to learn the engine id (RFC 3414 §4) */
export function snmpDiscovery(id: number): Buffer {
  const header = ber(
    TAG.sequence,
    berInteger(id),
    berInteger(MAXIMUM_MESSAGE),
    ber(TAG.octets, REPORTABLE),
    berInteger(USER_SECURITY_MODEL),
  );
  const empty = ber(TAG.octets);
  const security = ber(TAG.sequence, empty, berInteger(0), berInteger(0), empty, empty, empty);
  const scoped = ber(TAG.sequence, empty, empty, pdu(id, ber(TAG.sequence)));
  return ber(TAG.sequence, berInteger(3), header, ber(TAG.octets, security), scoped);
}

function pdu(id: number, bindings: Buffer): Buffer {
  return ber(GET, berInteger(id), berInteger(0), berInteger(0), bindings);
}
