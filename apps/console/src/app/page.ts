import type { IconProps } from '@tabler/icons-react';
import type { ComponentType, LazyExoticComponent } from 'react';

/** Parts of the menu, in this order, with their titles. */
export const SECTIONS = {
  devices: 'Devices',
  verification: 'Verification',
  traffic: 'Traffic',
  threats: 'Threats',
  risk: 'Risk',
  sphinx: 'SPHINX',
} as const;

/** A page of the console. */
export interface Page {
  readonly path: string;
  readonly title: string;
  /** Without it the page is not shown. */
  readonly permission: string;
  /** The page goes with this service. */
  readonly service?: string;
  /** Part of the menu; by itself where it is absent. */
  readonly section?: keyof typeof SECTIONS;
  /** In the menu; pages without an icon are reached from others. */
  readonly icon?: ComponentType<IconProps>;
  /** In the menu of this role only; others come to it from another page. */
  readonly menuOf?: string;
  /** To this role nothing is shown here: it has the same on a page of its own. */
  readonly closedTo?: string;
  readonly component: LazyExoticComponent<ComponentType>;
}

/** @returns whether a page is open to somebody */
export function isOpenTo(
  { permission, closedTo }: Page,
  { permissions, role }: { readonly permissions: readonly string[]; readonly role: string },
): boolean {
  return closedTo !== role && permissions.includes(permission);
}
