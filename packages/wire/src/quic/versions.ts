/** What an Initial packet of a version is protected with. */
export interface InitialProtection {
  /** Hexadecimal. */
  readonly salt: string;
  /** What the labels of keys begin with: `quic` or `quicv2`. */
  readonly label: 'quic' | 'quicv2';
}

export const QUIC_V2 = 0x6b3343cf;
const SALT_V1 = '38762cf7f55934b34d179ae6a4c80cadccbb7f0a';
const SALT_V2 = '0dede3def700a6db819381be6e269dcbf9bd2ed9';
const SALT_DRAFT_29 = 'afbfec289993d24c9e9786f19c6111e04390a899';
const SALT_DRAFT_21 = '7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a';
const SALT_DRAFT_23 = 'c3eef712c72ebb5a11a7d2432bb46365bef9f502';
const SALT_Q050 = '504574efd066fe2f9d945cfcdbd3a7f0d3b56b45';
const SALT_T050 = '7ff579e5acd072915580304c43a2367c60488310';
const SALT_T051 = '7a4edef4e7ccee5fa4506c19124fc8ccda6e033d';
const DRAFT = 0xff000000;
const MVFST = 0xfaceb000;

/** RFC 9001 §5.2, RFC 9369 §3.3.1 and the drafts before; Google's versions as Chromium and Wireshark have them. */
export function protectionOf(version: number): InitialProtection | undefined {
  if (version === QUIC_V2) return { salt: SALT_V2, label: 'quicv2' };
  const salt = saltOf(version);
  return salt === undefined ? undefined : { salt, label: 'quic' };
}

function saltOf(version: number): string | undefined {
  const draft = version - DRAFT;
  if (version === 1 || (draft >= 33 && draft <= 34)) return SALT_V1;
  if (draft >= 29 && draft <= 32) return SALT_DRAFT_29;
  if (draft >= 23 && draft <= 28) return SALT_DRAFT_23;
  if (draft >= 21 && draft <= 22) return SALT_DRAFT_21;
  switch (versionName(version)) {
    case 'Q050':
      return SALT_Q050;
    case 'T050':
      return SALT_T050;
    case 'T051':
      return SALT_T051;
    case 'mvfst-1':
      return SALT_DRAFT_21;
    case 'mvfst-2':
      return SALT_DRAFT_23;
    default:
      return undefined;
  }
}

/** @returns the usual name of a version; empty for one that nobody has published */
export function versionName(version: number): string {
  if (version === 1) return 'QUICv1';
  if (version === QUIC_V2) return 'QUICv2';
  const draft = version - DRAFT;
  if (draft > 0 && draft <= 34) return `draft-${draft}`;
  if (version >= MVFST && version <= MVFST + 0x0f) return `mvfst-${version - MVFST}`;
  const text = Buffer.from([version >>> 24, (version >>> 16) & 255, (version >>> 8) & 255, version & 255]).toString(
    'latin1',
  );
  return /^[QT]0\d\d$/.test(text) ? text : '';
}

/** RFC 9000 §15: versions of this form are reserved to exercise negotiation. */
export function isReservedVersion(version: number): boolean {
  return (version & 0x0f0f0f0f) === 0x0a0a0a0a;
}
