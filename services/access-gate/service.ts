import type { Secrets, ServiceContext, ServiceDefinition } from '@sphinx/platform';
import type { Actuator } from './actuators/actuator.ts';
import { nftablesActuator } from './actuators/nftables.ts';
import { openWebhookSecret, webhookActuator } from './actuators/webhook.ts';
import { loadAccessPolicy } from './decision/access-policy.ts';
import { Gate } from './gate.ts';
import { type AccessGateSettings, manifest } from './manifest.ts';
import { openEapProxy } from './radius/eap-proxy.ts';
import { type RadiusServer, startRadiusServer } from './radius/server.ts';
import { gateRoutes, secretNameOf } from './routes.ts';
import { GateStore, MIGRATIONS } from './store.ts';

export const service: ServiceDefinition<typeof import('./manifest.ts').AccessGateSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, clock, logger, settings, secrets } = context;
    const policy = await loadAccessPolicy(context.knowledgeFolder);
    const store = new GateStore(context.state);
    const gate = new Gate({
      store,
      policy,
      settings,
      clock,
      logger,
      actuators: actuatorsOf(settings, secrets),
      audit: ({ id, assetName, mac, verdict, done, asked, reasons }) =>
        context.audit({
          action: 'gate.decide',
          subject: assetName || mac,
          detail: { id, verdict, asked, done, reasons },
        }),
      onChange: () => context.notify('gate'),
    });
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...CONSUMED], from: 'beginning' },
      (facts) => gate.handle(facts),
    );
    const radius = settings.radiusPort === 0 ? undefined : await startRadius(context, store, gate);
    return {
      routes: gateRoutes({ store, gate, policy, settings, secrets }),
      health: async () => ({
        state: 'healthy',
        message: `${settings.mode === 'watch' ? 'Watches only' : 'Enforces'}. ${
          radius === undefined ? 'RADIUS is off.' : `RADIUS is answered on port ${radius.port}.`
        }`,
        figures: { ...radius?.figures, lag: await subscription.lag() },
      }),
      async stop() {
        await radius?.close();
        await subscription.stop();
      },
    };
  },
};

const CONSUMED = ['asset.discovered', 'asset.updated', 'asset.merged', 'asset.removed', 'verdict.issued'] as const;

function startRadius(
  { settings, secrets, logger }: ServiceContext<AccessGateSettings>,
  store: GateStore,
  gate: Gate,
): Promise<RadiusServer> {
  const clientOf = async (address: string) => {
    const client = await store.clientOf(address);
    const secret = client && (await secrets.get(secretNameOf(client.id)));
    return client === undefined || secret === undefined ? undefined : { name: client.name, secret };
  };
  const [host = '', port] = settings.eapServer.split(' ');
  const secretOfServer = async () => (await clientOf(host))?.secret;
  return startRadiusServer({
    ...(host === '' ? {} : { eap: openEapProxy({ host, port: Number(port) }, secretOfServer) }),
    host: settings.radiusHost,
    port: settings.radiusPort,
    clientOf,
    decide: (request) => gate.answer(request),
    onError: (error) => logger.error('A request of RADIUS failed', { error: String(error) }),
  });
}

/** What carries decisions out; a firewall is touched in mode enforce only, the webhook tells of both. */
function actuatorsOf(settings: AccessGateSettings, secrets: Secrets): readonly Actuator[] {
  return [
    ...(settings.webhookUrl === '' ? [] : [webhookActuator(settings.webhookUrl, () => openWebhookSecret(secrets))]),
    ...(settings.nftablesSet === '' || settings.mode === 'watch' ? [] : [nftablesActuator(settings.nftablesSet)]),
  ];
}
