import {
  IconAlertTriangle,
  IconCertificate,
  IconChecklist,
  IconDevices,
  IconFileSearch,
  IconHeartbeat,
  IconHistory,
  IconHome,
  type IconProps,
  IconRss,
  IconSettings,
  IconShieldSearch,
  IconShoppingCart,
  IconTool,
  IconTransfer,
  IconUpload,
  IconUsers,
  IconZoomScan,
} from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** A page of the console. */
export interface Page {
  readonly path: string;
  readonly title: string;
  /** Without it the page is not shown. */
  readonly permission: string;
  /** The page goes with this service. */
  readonly service?: string;
  /** In the menu; pages without an icon are reached from others. */
  readonly icon?: ComponentType<IconProps>;
  readonly component: LazyExoticComponent<ComponentType>;
}

export const PAGES: readonly Page[] = [
  {
    path: '/',
    title: 'Overview',
    permission: 'assets:read',
    icon: IconHome,
    component: lazy(() => import('../pages/overview/index.tsx')),
  },
  {
    path: '/assets',
    title: 'Assets',
    permission: 'assets:read',
    service: 'asset-inventory',
    icon: IconDevices,
    component: lazy(() => import('../pages/assets/index.tsx')),
  },
  {
    path: '/assets/:id',
    title: 'Asset',
    permission: 'assets:read',
    service: 'asset-inventory',
    component: lazy(() => import('../pages/asset/index.tsx')),
  },
  {
    path: '/verifications',
    title: 'Verification',
    permission: 'verification:read',
    service: 'device-verification',
    icon: IconChecklist,
    component: lazy(() => import('../pages/verifications/index.tsx')),
  },
  {
    path: '/verifications/:id',
    title: 'Verification',
    permission: 'verification:read',
    service: 'device-verification',
    component: lazy(() => import('../pages/verification/index.tsx')),
  },
  {
    path: '/candidates',
    title: 'Before purchase',
    permission: 'verification:read',
    service: 'device-verification',
    icon: IconShoppingCart,
    component: lazy(() => import('../pages/candidates/index.tsx')),
  },
  {
    path: '/certificates',
    title: 'Certificates',
    permission: 'verification:read',
    service: 'device-verification',
    icon: IconCertificate,
    component: lazy(() => import('../pages/certificates/index.tsx')),
  },
  {
    path: '/certificates/:id',
    title: 'Certificate',
    permission: 'verification:read',
    service: 'device-verification',
    component: lazy(() => import('../pages/certificate/index.tsx')),
  },
  {
    path: '/traffic',
    title: 'Live traffic',
    permission: 'traffic:read',
    service: 'traffic-monitoring',
    icon: IconTransfer,
    component: lazy(() => import('../pages/traffic/index.tsx')),
  },
  {
    path: '/explorer',
    title: 'Traffic explorer',
    permission: 'traffic:read',
    service: 'traffic-monitoring',
    icon: IconZoomScan,
    component: lazy(() => import('../pages/explorer/index.tsx')),
  },
  {
    path: '/files',
    title: 'Files',
    permission: 'traffic:read',
    service: 'traffic-monitoring',
    icon: IconFileSearch,
    component: lazy(() => import('../pages/files/index.tsx')),
  },
  {
    path: '/detections',
    title: 'Detections',
    permission: 'detections:read',
    service: 'intrusion-detection',
    icon: IconAlertTriangle,
    component: lazy(() => import('../pages/detections/index.tsx')),
  },
  {
    path: '/rules',
    title: 'Rules',
    permission: 'rules:read',
    service: 'intrusion-detection',
    icon: IconShieldSearch,
    component: lazy(() => import('../pages/rules/index.tsx')),
  },
  {
    path: '/rules/:id',
    title: 'Rule',
    permission: 'rules:read',
    service: 'intrusion-detection',
    component: lazy(() => import('../pages/rule/index.tsx')),
  },
  {
    path: '/rule-sets/:id',
    title: 'Rule set',
    permission: 'rules:read',
    service: 'intrusion-detection',
    component: lazy(() => import('../pages/rule-set/index.tsx')),
  },
  {
    path: '/feeds',
    title: 'Feeds',
    permission: 'weaknesses:read',
    service: 'vulnerability-assessment',
    icon: IconRss,
    component: lazy(() => import('../pages/feeds/index.tsx')),
  },
  {
    path: '/sources',
    title: 'Sources',
    permission: 'sources:read',
    service: 'traffic-monitoring',
    icon: IconUpload,
    component: lazy(() => import('../pages/sources/index.tsx')),
  },
  {
    path: '/toolbox',
    title: 'Toolbox',
    permission: 'services:read',
    icon: IconTool,
    component: lazy(() => import('../pages/toolbox/index.tsx')),
  },
  {
    path: '/users',
    title: 'Users and tokens',
    permission: 'tokens:write',
    icon: IconUsers,
    component: lazy(() => import('../pages/users/index.tsx')),
  },
  {
    path: '/settings',
    title: 'Settings',
    permission: 'settings:read',
    icon: IconSettings,
    component: lazy(() => import('../pages/settings/index.tsx')),
  },
  {
    path: '/audit',
    title: 'Audit trail',
    permission: 'audit:read',
    icon: IconHistory,
    component: lazy(() => import('../pages/audit/index.tsx')),
  },
  {
    path: '/health',
    title: 'Health',
    permission: 'health:read',
    icon: IconHeartbeat,
    component: lazy(() => import('../pages/health/index.tsx')),
  },
];
