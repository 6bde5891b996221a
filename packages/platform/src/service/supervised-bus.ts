import type { FactType } from '@sphinx/schema';
import type { Bus, Subscription } from '../bus/bus.ts';
import { SphinxError } from '../errors.ts';
import type { ServiceManifest } from './service.ts';

/**
 * The bus as one service may use it: only the fact types that its manifest declares, consumer names of its own,
 * and every subscription ends with the service.
 */
export function superviseBus(bus: Bus, manifest: ServiceManifest): { bus: Bus; stop: () => Promise<void> } {
  const subscriptions = new Set<Subscription>();
  let isStopped = false;

  const supervised: Bus = {
    async publish(facts) {
      if (isStopped) throw new SphinxError('SPX_UNAVAILABLE', `${manifest.id} is stopped and can publish no more.`);
      for (const fact of facts) requireDeclared(manifest, 'produces', fact.type);
      await bus.publish(facts);
    },
    async subscribe(options, handler) {
      for (const type of options.types) requireDeclared(manifest, 'consumes', type);
      const subscription = await bus.subscribe({ ...options, consumer: `${manifest.id}/${options.consumer}` }, handler);
      const tracked: Subscription = {
        consumer: subscription.consumer,
        lag: () => subscription.lag(),
        stop: async () => {
          subscriptions.delete(tracked);
          await subscription.stop();
        },
      };
      subscriptions.add(tracked);
      return tracked;
    },
    read: (query) => bus.read(query),
    drained: () => bus.drained(),
    lags: () => bus.lags(),
    deadLetters: (limit) => bus.deadLetters(limit),
    prune: () => Promise.reject(new SphinxError('SPX_FORBIDDEN', 'A service does not prune the bus.')),
    close: () => Promise.reject(new SphinxError('SPX_FORBIDDEN', 'A service does not close the bus.')),
  };
  return {
    bus: supervised,
    stop: async () => {
      isStopped = true;
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    },
  };
}

function requireDeclared(manifest: ServiceManifest, list: 'consumes' | 'produces', type: FactType): void {
  if (manifest[list].includes(type)) return;
  throw new SphinxError(
    'SPX_FORBIDDEN',
    `${manifest.id} does not declare ${type} in "${list}". Add it to services/${manifest.id}/manifest.ts.`,
  );
}
