import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const DeviceVerificationSettings = z.object({
  trustFolder: z.string().default('').meta({
    title: 'Folder for trust material',
    description:
      'Public keys and the revocation list are written here for whoever checks certificates offline. Empty: the folder "trust" of this service.',
  }),
  publicAddress: z
    .union([z.literal(''), z.url({ protocol: /^https$/ })])
    .default('')
    .meta({
      title: 'Public address',
      description:
        'Address of this SPHINX as others reach it, for the codes on certificates, for example https://sphinx.hospital.example. Empty: the address under which a report was asked for.',
    }),
  sweepSeconds: z.int().min(5).max(86_400).default(60).meta({
    title: 'Interval of the expiry job',
    description: 'Certificates are checked for expiry and renewal every so many seconds.',
  }),
  reviewHours: z.int().min(1).max(720).default(24).meta({
    title: 'Interval of the review',
    description:
      'Every asset is judged again after so many hours, because certificates and support dates run out without any new evidence.',
  }),
});
export type DeviceVerificationSettings = z.infer<typeof DeviceVerificationSettings>;

export const manifest: ServiceManifest<typeof DeviceVerificationSettings> = {
  id: 'device-verification',
  title: 'Device verification',
  question: 'May it be trusted on this network? Verdict, reasons, signed certificate.',
  description:
    'Judges every device and service by itself as soon as it appears or changes: checks over what the wire showed, a ' +
    'policy per patient-safety class, a verdict with its reasons, and a signed certificate that can be checked offline.',
  version: '0.1.0',
  consumes: [
    'asset.discovered',
    'asset.updated',
    'asset.merged',
    'asset.removed',
    'verification.requested',
    'software.listed',
    'security-form.stated',
    'source.removed',
    'weakness.found',
    'weakness.changed',
    'weakness.closed',
  ],
  produces: ['verdict.issued', 'certificate.issued', 'certificate.revoked'],
  needs: ['bus', 'state', 'jobs', 'secrets'],
  settings: DeviceVerificationSettings,
  isEnabledByDefault: true,
  permissions: ['verification:read', 'verification:write', 'certificates:revoke', 'vendor:read'],
};
