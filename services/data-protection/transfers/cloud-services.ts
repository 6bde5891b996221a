import { z } from 'zod';

export const CloudCategory = z.enum([
  'ai-assistant',
  'translation',
  'file-sharing',
  'paste',
  'webmail',
  'messaging',
  'remote-support',
]);
export type CloudCategory = z.infer<typeof CloudCategory>;

const Domain = z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/);

/** File of knowledge/cloud-services. */
export const CloudServiceFile = z.strictObject({
  category: CloudCategory,
  title: z.string(),
  services: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/),
        title: z.string(),
        /** Names below them belong to the service too. */
        domains: z.array(Domain).min(1),
        source: z.url(),
      }),
    )
    .min(1),
});

export interface CloudService {
  readonly id: string;
  readonly title: string;
  readonly category: CloudCategory;
  readonly domains: readonly string[];
}

/** @returns finds the service that a name of a server belongs to, by its longest domain */
export function cloudServiceFinder(services: readonly CloudService[]): (host: string) => CloudService | undefined {
  const byDomain = new Map(services.flatMap((service) => service.domains.map((domain) => [domain, service] as const)));
  return (host) => {
    const labels = host
      .toLowerCase()
      .replace(/:\d+$|\.$/g, '')
      .split('.');
    for (let at = 0; at < labels.length - 1; at++) {
      const service = byDomain.get(labels.slice(at).join('.'));
      if (service !== undefined) return service;
    }
    return undefined;
  };
}
