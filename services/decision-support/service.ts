import type { ServiceDefinition } from '@sphinx/platform';
import { type DecisionSupportSettings, manifest } from './manifest.ts';
import { loadDeliveredPlaybooks } from './playbooks/delivered.ts';
import { PlaybookLibrary } from './playbooks/playbook-library.ts';
import { MIGRATIONS, PlaybookStore } from './playbooks/playbook-store.ts';
import { playbookRoutes } from './routes/playbook-routes.ts';

export const service: ServiceDefinition<typeof DecisionSupportSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { state, clock } = context;
    const delivered = await loadDeliveredPlaybooks(context.knowledgeFolder);
    const library = new PlaybookLibrary({ delivered, store: new PlaybookStore(state), clock });
    await library.open();
    return {
      routes: playbookRoutes({ library, notify: () => context.notify('playbooks') }),
      health: async () => {
        const playbooks = library.list();
        const own = playbooks.filter(({ origin }) => origin === 'hospital').length;
        return { state: 'healthy', message: `${playbooks.length} playbooks, ${own} of them the hospital's own.` };
      },
      async stop() {},
    };
  },
};
