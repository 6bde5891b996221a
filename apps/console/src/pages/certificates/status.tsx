import { Badge } from '@mantine/core';
import type { CertificateStatus } from '@sphinx/schema';
import { IconBan, IconCertificate, IconClockX, IconReplace } from '@tabler/icons-react';

/** Every state of a certificate with its name and what it means. */
export const CERTIFICATE_STATES = {
  valid: { title: 'Valid', meaning: 'It holds.', color: 'green.9', Icon: IconCertificate },
  expired: {
    title: 'Expired',
    meaning: 'Its time is over and nothing renewed it.',
    color: 'yellow.4',
    Icon: IconClockX,
  },
  revoked: { title: 'Revoked', meaning: 'It was taken back and must not be relied on.', color: 'red.9', Icon: IconBan },
  superseded: {
    title: 'Superseded',
    meaning: 'A newer certificate of the same asset took its place.',
    color: 'gray.7',
    Icon: IconReplace,
  },
} as const satisfies Record<CertificateStatus, object>;

export const STATUS_ORDER = Object.keys(CERTIFICATE_STATES) as CertificateStatus[];

export function readStatus(text: string | null): CertificateStatus | null {
  return STATUS_ORDER.find((status) => status === text) ?? null;
}

/** State in words, symbol and colour. */
export function CertificateBadge({ status }: { status: CertificateStatus }) {
  const { title, color, Icon } = CERTIFICATE_STATES[status];
  return (
    <Badge tt="none" color={color} leftSection={<Icon size={12} aria-hidden />}>
      {title}
    </Badge>
  );
}
