import type { Asset, CheckResult } from '@sphinx/schema';

/**
 * Attributes whose values a maker is shown: how the device itself is built and set up. What tells where it is, what it is called,
 * who talks to it and what else there is in the hospital stays here. What is not on this list is not shown.
 */
const SHOWN_ATTRIBUTES: readonly RegExp[] = [
  /^tls\.server\.(version|cipher|alpn)$/,
  /^tls\.(compression|renegotiation|heartbeat)$/,
  /^tls\.certificate\.(key|signature-algorithm|not-before|not-after|self-signed)$/,
  /^http\.(server|powered-by|authentication)$/,
  /^ssh\.(server\.software|protocol|server\.algorithm)$/,
  /^(ftp|smtp|imap|pop3|ldap)\.(anonymous|clear-text-login|starttls|capability|authentication)$/,
  /^telnet\.server$/,
  /^smb\.(dialect|signing|native-os|guest)$/,
  /^snmp\.(version|community)$/,
  /^rdp\.security$/,
  /^vnc\.(version|authentication|without-password)$/,
  /^mqtt\.(version|anonymous)$/,
  /^login\.default-credentials$/,
  /^dicom\.(software-versions|implementation-version)$/,
];
const MOST_SHOWN = 5;

/** A value of the device that a check was judged by. */
export interface ShownValue {
  /** `tls.server.version` */
  readonly attribute: string;
  readonly value: string;
}

/**
 * @param asset whose own addresses and names are taken out, should a banner tell them
 * @returns values that the maker of the device may see
 */
export function shownValues({ evidence }: CheckResult, asset: Asset): readonly ShownValue[] {
  const names = namesOf(asset);
  const shown = evidence.flatMap(({ attribute, value }): ShownValue[] => {
    if (attribute === undefined || value === undefined) return [];
    if (!SHOWN_ATTRIBUTES.some((pattern) => pattern.test(attribute))) return [];
    const text = value.toLowerCase();
    return names.some((name) => text.includes(name)) ? [] : [{ attribute, value }];
  });
  return shown.slice(0, MOST_SHOWN);
}

/** Whatever tells this device from others of its model in this hospital. */
function namesOf({ name, ips, macs, hostnames, facts }: Asset): readonly string[] {
  const places = [facts.location, facts.careArea, facts.owner, facts.zone].map((fact) => fact?.value ?? '');
  const all = [name, ...ips, ...macs, ...hostnames, ...hostnames.map((host) => host.split('.')[0] ?? ''), ...places];
  return all.map((each) => each.trim().toLowerCase()).filter((each) => each.length > 2);
}
