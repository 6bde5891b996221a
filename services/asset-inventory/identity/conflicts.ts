import type { HostEvidence, IdentityConflict } from '@sphinx/schema';

/** Titles that programs have before anybody sets one: sharing them says nothing. */
const GENERIC_AE_TITLES = new Set(
  'STORESCU STORESCP ECHOSCU FINDSCU MOVESCU GETSCU ANY-SCP ANY_SCP ANYSCP DCMTK ORTHANC DCM4CHEE DICOM PACS AE_TITLE AETITLE WORKSTATION OFFIS_DCMTK DCMQRSCP DCMSND DCMRCV SCU SCP TEST HOROS OSIRIX'.split(
    ' ',
  ),
);
const MINIMUM_SERIAL_LENGTH = 4;

/** What one asset shows of itself that nobody else should show. */
export interface IdentityClaim {
  readonly kind: IdentityConflict['kind'];
  readonly value: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly packet: HostEvidence['packet'];
}

/** Claims of one asset, from its evidence. */
export function claimsOf(evidence: readonly HostEvidence[]): IdentityClaim[] {
  return evidence.flatMap((item) => {
    const kind = kindOfClaim(item);
    const { value, firstSeen, lastSeen, packet } = item;
    return kind === undefined ? [] : [{ kind, value, firstSeen, lastSeen, packet }];
  });
}

function kindOfClaim({ attribute, value, role }: HostEvidence): IdentityConflict['kind'] | undefined {
  switch (attribute) {
    case 'arp.address':
      return 'duplicate-ip';
    case 'dhcp.hostname':
    case 'nbns.name':
      return 'duplicate-name';
    case 'dicom.ae-title':
      return role === 'client' && !GENERIC_AE_TITLES.has(value.toUpperCase()) ? 'duplicate-ae-title' : undefined;
    case 'dicom.serial':
      return role === 'client' && isTellingSerial(value) ? 'duplicate-serial' : undefined;
    default:
      return undefined;
  }
}

/** Zeros and short numbers are placeholders. */
function isTellingSerial(value: string): boolean {
  return value.length >= MINIMUM_SERIAL_LENGTH && !/^[-0. ]*$/.test(value);
}

/** Who claims what, over all assets. */
export class ClaimIndex {
  readonly #claims = new Map<string, Map<string, IdentityClaim>>();
  readonly #keysOf = new Map<string, Set<string>>();

  /** Replaces the claims of one asset. @returns assets whose conflicts may have changed by that */
  set(assetId: string, namespace: string, claims: readonly IdentityClaim[]): Set<string> {
    const affected = new Set<string>();
    const keys = new Set<string>();
    for (const claim of claims) {
      const key = `${namespace}|${claim.kind}|${claim.value.toLowerCase()}`;
      const holders = this.#claims.get(key) ?? new Map<string, IdentityClaim>();
      this.#claims.set(key, holders);
      const isNew = !holders.has(assetId);
      holders.set(assetId, claim);
      keys.add(key);
      if (isNew && holders.size > 1) for (const holder of holders.keys()) affected.add(holder);
    }
    for (const key of this.#keysOf.get(assetId) ?? []) {
      if (keys.has(key)) continue;
      const holders = this.#claims.get(key);
      holders?.delete(assetId);
      for (const holder of holders?.keys() ?? []) affected.add(holder);
      if (holders?.size === 0) this.#claims.delete(key);
    }
    if (keys.size === 0) this.#keysOf.delete(assetId);
    else this.#keysOf.set(assetId, keys);
    affected.delete(assetId);
    return affected;
  }

  /** Whether anybody else claims something that this asset claims. */
  hasRivals(assetId: string): boolean {
    for (const key of this.#keysOf.get(assetId) ?? []) if ((this.#claims.get(key)?.size ?? 0) > 1) return true;
    return false;
  }

  /** Conflicts of one asset with others. An address or name that moved from one to the other is none. */
  conflictsOf(assetId: string, nameOf: (assetId: string) => string): IdentityConflict[] {
    return [...(this.#keysOf.get(assetId) ?? [])].flatMap((key) => {
      const holders = this.#claims.get(key);
      const own = holders?.get(assetId);
      if (holders === undefined || own === undefined) return [];
      return [...holders]
        .filter(([other, claim]) => other !== assetId && isAtTheSameTime(own, claim))
        .map(([otherAssetId, claim]) => ({
          kind: own.kind,
          value: own.value,
          otherAssetId,
          detail: describeConflict(own, nameOf(otherAssetId)),
          time: Math.max(own.firstSeen, claim.firstSeen),
          packet: own.packet,
        }));
    });
  }
}

/** A serial number and a title belong to a device for good; addresses and names may be handed on. */
function isAtTheSameTime(own: IdentityClaim, other: IdentityClaim): boolean {
  if (own.kind === 'duplicate-serial' || own.kind === 'duplicate-ae-title') return true;
  return Math.max(own.firstSeen, other.firstSeen) < Math.min(own.lastSeen, other.lastSeen);
}

function describeConflict({ kind, value }: IdentityClaim, otherName: string): string {
  switch (kind) {
    case 'duplicate-ip':
      return `${otherName} claims the address ${value} as well, at the same time.`;
    case 'duplicate-name':
      return `${otherName} goes by the name ${value} as well, at the same time.`;
    case 'duplicate-ae-title':
      return `${otherName} acts under the AE title ${value} as well.`;
    case 'duplicate-serial':
      return `${otherName} shows the serial number ${value} as well.`;
    case 'identity-changed':
      return `It changed its identity: ${value}.`;
    default:
      return kind satisfies never;
  }
}

/** A card that was one kind of device and turns into another: another host name and another DHCP fingerprint at once. */
export function identityChangesOf(evidence: readonly HostEvidence[]): IdentityConflict[] {
  const of = (attribute: string) =>
    evidence.filter((item) => item.attribute === attribute).sort((left, right) => left.firstSeen - right.firstSeen);
  const names = of('dhcp.hostname');
  const fingerprints = of('dhcp.vendor-class');
  const [firstName] = names;
  const [firstFingerprint] = fingerprints;
  const lastName = names.at(-1);
  const lastFingerprint = fingerprints.at(-1);
  if (firstName === undefined || lastName === undefined || firstName.value === lastName.value) return [];
  if (firstFingerprint === undefined || lastFingerprint === undefined) return [];
  if (firstFingerprint.value === lastFingerprint.value) return [];
  return [
    {
      kind: 'identity-changed',
      value: `${firstName.value} → ${lastName.value}`,
      detail: `Its DHCP name changed from ${firstName.value} to ${lastName.value}, and its vendor class from ${firstFingerprint.value} to ${lastFingerprint.value}.`,
      time: lastName.firstSeen,
      packet: lastName.packet,
    },
  ];
}
