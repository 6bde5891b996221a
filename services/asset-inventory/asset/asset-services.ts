import type { AssetService, Conversation, HostEvidence } from '@sphinx/schema';

/** Ports above are taken for answers and data connections of the moment (RFC 6335 §6 starts at 49152; systems use less). */
const FIRST_EPHEMERAL_PORT = 20_000;

/** What an asset offers: what it answered, and what it showed while answering. */
export function servicesOf(evidence: readonly HostEvidence[], asServer: readonly Conversation[]): AssetService[] {
  const services = new Map<string, AssetService>();
  for (const conversation of asServer) {
    const { transport, serverPort: port, protocol, isEncrypted, isAnswered, firstSeen, lastSeen } = conversation;
    if ((transport !== 'tcp' && transport !== 'udp') || !isAnswered || port === 0) continue;
    if (protocol === 'unknown' && port >= FIRST_EPHEMERAL_PORT) continue;
    const key = `${transport}/${port}`;
    const known = services.get(key);
    if (known === undefined) {
      services.set(key, { transport, port, protocol, isEncrypted, evidence: [], firstSeen, lastSeen });
      continue;
    }
    if (known.protocol === 'unknown') known.protocol = protocol;
    known.isEncrypted ||= isEncrypted;
    known.firstSeen = Math.min(known.firstSeen, firstSeen);
    known.lastSeen = Math.max(known.lastSeen, lastSeen);
  }
  for (const item of evidence) {
    if (item.role !== 'server' || item.port === undefined || item.port === 0) continue;
    const transport = item.transport ?? 'tcp';
    const key = `${transport}/${item.port}`;
    const known = services.get(key);
    services.set(key, {
      transport,
      port: item.port,
      protocol: known === undefined || known.protocol === 'unknown' ? item.protocol : known.protocol,
      isEncrypted: known?.isEncrypted ?? item.protocol === 'tls',
      evidence: [...(known?.evidence ?? []), item],
      firstSeen: Math.min(item.firstSeen, known?.firstSeen ?? item.firstSeen),
      lastSeen: Math.max(item.lastSeen, known?.lastSeen ?? item.lastSeen),
    });
  }
  return [...services.values()].sort(
    (left, right) => left.transport.localeCompare(right.transport) || left.port - right.port,
  );
}
