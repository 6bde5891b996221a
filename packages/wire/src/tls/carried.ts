/** A clinical protocol inside TLS, and how that is known: nothing of it can be read. */
export interface Carried {
  readonly protocol: 'dicom';
  /** By the name that was negotiated (ALPN), or by the port that the IANA registers for nothing else. */
  readonly knownBy: 'negotiation' | 'port';
}

/** DICOM PS3.15 annex B; service names of the IANA: dicom-iscl and dicom-tls. */
const DICOM_PORTS = new Set([2761, 2762]);
const DICOM_NAME = 'dicom';

/**
 * @param agreed application protocol that the server chose; empty in TLS 1.3, which hides it
 * @param offered those that the client offered
 * @returns undefined where nothing tells
 */
export function carriedProtocol(agreed: string, offered: readonly string[], serverPort: number): Carried | undefined {
  const names = agreed === '' ? offered : [agreed];
  if (names.length === 1 && names[0] === DICOM_NAME) return { protocol: 'dicom', knownBy: 'negotiation' };
  // Whoever negotiates another protocol on that port speaks another protocol.
  if (names.length > 0 || !DICOM_PORTS.has(serverPort)) return undefined;
  return { protocol: 'dicom', knownBy: 'port' };
}
