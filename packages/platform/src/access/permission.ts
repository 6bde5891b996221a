import { z } from 'zod';

/** Everything that can be allowed. A route names exactly one. */
export const PERMISSIONS = [
  'assets:read',
  'assets:write',
  'verification:read',
  'verification:write',
  'certificates:revoke',
  'gate:read',
  'gate:write',
  'traffic:read',
  'packets:export',
  'files:download',
  'detections:read',
  'data-transfers:read',
  'probes:read',
  'probes:write',
  'probes:approve',
  'weaknesses:read',
  'weaknesses:write',
  'weaknesses:accept',
  'advisories:write',
  'vendor:read',
  'vendor:upload',
  'rules:read',
  'rules:write',
  'sources:read',
  'sources:write',
  'services:read',
  'services:write',
  'settings:read',
  'settings:write',
  'users:read',
  'users:write',
  'tokens:write',
  'audit:read',
  'events:read',
  'jobs:read',
  'jobs:write',
  'health:read',
] as const;

export const Permission = z.enum(PERMISSIONS).meta({ id: 'Permission' });
export type Permission = z.infer<typeof Permission>;

export const ROLES = [
  'administrator',
  'security-officer',
  'it-operator',
  'biomedical-engineer',
  'data-protection-officer',
  'auditor',
  'viewer',
  'vendor',
] as const;

export const Role = z.enum(ROLES).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

const EVERYTHING_READABLE = PERMISSIONS.filter((permission) => permission.endsWith(':read'));
const DAILY_WORK: readonly Permission[] = [
  'assets:read',
  'gate:read',
  'probes:read',
  'verification:read',
  'weaknesses:read',
  'traffic:read',
  'detections:read',
  'rules:read',
  'sources:read',
  'services:read',
  'events:read',
  'jobs:read',
  'health:read',
  'tokens:write',
];

/** Least privilege: each role may do what its daily work asks for. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: PERMISSIONS,
  'security-officer': [
    ...DAILY_WORK,
    'data-transfers:read',
    'assets:write',
    'verification:write',
    'certificates:revoke',
    'weaknesses:write',
    'weaknesses:accept',
    'vendor:read',
    'probes:write',
    'probes:approve',
    'advisories:write',
    'packets:export',
    'rules:write',
    'files:download',
    'sources:write',
    'services:write',
    'settings:read',
    'audit:read',
    'jobs:write',
  ],
  'it-operator': [
    ...DAILY_WORK,
    'data-transfers:read',
    'probes:write',
    'assets:write',
    'verification:write',
    'weaknesses:write',
    'sources:write',
    'settings:read',
    'jobs:write',
  ],
  'biomedical-engineer': [
    ...DAILY_WORK,
    'assets:write',
    'verification:write',
    'weaknesses:write',
    'probes:write',
    'probes:approve',
  ],
  'data-protection-officer': [
    'data-transfers:read',
    'assets:read',
    'probes:read',
    'verification:read',
    'weaknesses:read',
    'services:read',
    'settings:read',
    'audit:read',
    'users:read',
    'health:read',
  ],
  auditor: EVERYTHING_READABLE,
  viewer: ['assets:read', 'verification:read', 'weaknesses:read', 'services:read', 'health:read'],
  // Somebody from outside: nothing but what is made for makers, of their own devices.
  vendor: ['vendor:read', 'vendor:upload'],
};
