import type { ItemFields } from '../report.ts';

/** What `/etc/os-release` says; people put it before a list of packages, and agents tell it apart. */
export interface SystemRelease {
  /** `debian`, `rhel`; empty where unknown. */
  readonly id: string;
  readonly version: string;
  readonly title: string;
}

export const UNKNOWN_RELEASE: SystemRelease = { id: '', version: '', title: '' };

/** Reads lines `ID=debian` of os-release(5) anywhere in a text. */
export function readSystemRelease(text: string): SystemRelease {
  const field = (name: string) =>
    new RegExp(`^${name}=(["']?)([^\\r\\n"']{0,200})\\1[ \\t]*\\r?$`, 'm').exec(text)?.[2]?.trim() ?? '';
  const id = field('ID').toLowerCase();
  return id === '' ? UNKNOWN_RELEASE : { id, version: field('VERSION_ID'), title: field('PRETTY_NAME') };
}

/** @returns the system as an item of its own; none where it is unknown */
export function systemItem({ id, version, title }: SystemRelease): ItemFields[] {
  return id === '' ? [] : [{ name: title === '' ? id : title, version, kind: 'operating-system' }];
}
