import { AssetPlaces, type ServiceDefinition } from '@sphinx/platform';
import { DecoyDesk } from './decoys/decoy-desk.ts';
import { DecoyStore } from './decoys/decoy-store.ts';
import { inventIdentity } from './decoys/identity.ts';
import { Neighbourhood } from './decoys/neighbourhood.ts';
import { loadDecoyKnowledge } from './knowledge.ts';
import { type HoneypotsSettings, manifest } from './manifest.ts';
import { MIGRATIONS } from './migrations.ts';
import { DecoyProcessHost } from './process/decoy-process-host.ts';
import { honeypotRoutes } from './routes.ts';
import { Quarantine } from './samples/quarantine.ts';
import { SampleDesk } from './samples/sample-desk.ts';
import { AlertDesk } from './sessions/alert-desk.ts';
import { SessionDesk } from './sessions/session-desk.ts';
import { sessionEvidence } from './sessions/session-evidence.ts';
import { SessionStore } from './sessions/session-store.ts';
import { LogWatch } from './tokens/log-watch.ts';
import { TokenDesk } from './tokens/token-desk.ts';
import { TokenStore } from './tokens/token-store.ts';

const NO_CUSTOM = { hostNames: [], allHostNames: [], aeTitles: [], banners: {}, services: [] };
const BYTES_PER_MEGABYTE = 1_000_000;
const SECONDS_PER_MINUTE = 60;
const IDLE_SECONDS = 300;
const DAY_MS = 86_400_000;
const PRUNE_EVERY_MS = 3_600_000;
const FLUSH_EVERY_MS = 10_000;

export const service: ServiceDefinition<typeof HoneypotsSettings> = {
  manifest,
  migrations: MIGRATIONS,
  async start(context) {
    const { bus, state, clock, logger, settings, secrets, blobs, knowledgeFolder } = context;
    const now = () => clock.now();
    const knowledge = await loadDecoyKnowledge(knowledgeFolder);
    const store = new SessionStore(state);
    await store.endAll(now());
    const places = new AssetPlaces(state, 'honeypots.asset_place');
    await places.open();
    const neighbourhood = new Neighbourhood(state);
    await neighbourhood.open();
    const quarantine = await Quarantine.open(blobs, secrets);
    const samples = new SampleDesk({ store, quarantine, knowledgeFolder, logger, fail: context.fail });
    const alerts = new AlertDesk({
      store,
      bus,
      now,
      quietHours: settings.quietHours,
      ignoredSources: settings.ignoredSources,
    });
    const changed = () => context.notify('decoys');
    const sessions: SessionDesk = new SessionDesk({
      store,
      alerts,
      samples,
      behaviour: knowledge.behaviour,
      logger,
      now,
      changed,
      decoyOf: (id) => nameOf(decoys, knowledge.personas, id),
      usedToken: (token, session) => tokens.usedInDecoy(token, session),
    });
    const host = new DecoyProcessHost({
      logger,
      limits: limitsOf(settings),
      take: (message) => {
        if (message.kind === 'opened') decoys.tookListeners(message.decoy, message.listeners);
        else sessions.take(message);
      },
    });
    const decoys: DecoyDesk = new DecoyDesk({
      store: new DecoyStore(state),
      knowledge,
      host,
      places,
      secrets,
      clock,
      nameAfterHouse: (persona, seed) =>
        inventIdentity(
          persona,
          seed,
          settings.adapts ? neighbourhood.customOf(persona.kind) : NO_CUSTOM,
          knowledge.personas.values(),
        ),
      plantedPatients: () => tokens.plantedPatients(),
    });
    const withdrawSessions = context.sessions.offer({
      open: async (id) => {
        const kept = await store.get(id);
        if (kept === undefined) return undefined;
        const session = sessions.live(id);
        const known = { ...kept, session: session ?? kept.session };
        const pieces = await sessionEvidence(known, (sha256) => openSample(store, quarantine, sha256));
        return { isLive: session !== undefined, pieces };
      },
      over: (id) => sessions.over(id),
    });
    const tokens: TokenDesk = new TokenDesk({
      store: new TokenStore(state),
      sessions: store,
      bus,
      clock,
      changed,
      inspection: context.inspection,
      quietHours: settings.quietHours,
      isDecoy: (address) =>
        decoys.list().some(({ id }) => decoys.listenersOf(id).some((each) => each.address === address)),
      setNeedles: (needles) => host.setNeedles(needles),
    });
    await tokens.open();
    const logWatch = new LogWatch({
      telemetry: context.telemetry,
      logger,
      now,
      needles: () => tokens.needles(),
      take: (sightings) => tokens.seenInLogs(sightings),
    });
    const subscription = await bus.subscribe(
      { consumer: manifest.id, types: [...manifest.consumes], from: 'beginning' },
      async (facts) => {
        for (const fact of facts) {
          await neighbourhood.take(fact);
          await places.take(fact);
        }
      },
    );
    await decoys.open();
    const prune = async () => {
      for (const blob of await store.prune(now() - settings.keptDays * DAY_MS)) await quarantine.remove(blob);
    };
    const timers = [
      setInterval(() => prune().catch(context.fail), PRUNE_EVERY_MS),
      setInterval(() => alerts.flush().catch(context.fail), FLUSH_EVERY_MS),
    ];
    for (const timer of timers) timer.unref();
    return {
      routes: honeypotRoutes({
        decoys,
        sessions,
        store,
        quarantine,
        knowledge,
        tokens,
        refreshDecoys: () => decoys.refresh(),
        machinesLike: (kind) => neighbourhood.countOf(kind),
        changed,
        audit: (entry) => context.audit(entry),
      }),
      health: async () => ({
        ...healthOf(decoys),
        figures: {
          openSessions: sessions.openSessions,
          dropped: sessions.dropped,
          processRestarts: host.restarts,
          lag: await subscription.lag(),
        },
      }),
      async stop() {
        for (const timer of timers) clearInterval(timer);
        withdrawSessions();
        logWatch.close();
        tokens.close();
        await host.stop();
        await sessions.settled();
        await samples.close();
        await subscription.stop();
      },
    };
  },
};

function nameOf(decoys: DecoyDesk, personas: ReadonlyMap<string, { readonly title: string }>, id: string) {
  const decoy = decoys.list().find((each) => each.id === id);
  return decoy === undefined
    ? undefined
    : { name: decoy.name, title: personas.get(decoy.persona)?.title ?? decoy.persona };
}

/** @returns a file that was left behind; undefined where it is gone or does not open */
async function openSample(store: SessionStore, quarantine: Quarantine, sha256: string) {
  const sample = await store.sample(sha256);
  return sample === undefined ? undefined : quarantine.open(sample.blob).catch(() => undefined);
}

function limitsOf({ sessions, sessionsPerSource, megabytesPerSession, minutesPerSession }: HoneypotsSettings) {
  return {
    sessions,
    sessionsPerSource,
    bytesPerSession: megabytesPerSession * BYTES_PER_MEGABYTE,
    secondsPerSession: minutesPerSession * SECONDS_PER_MINUTE,
    idleSeconds: IDLE_SECONDS,
  };
}

function healthOf(decoys: DecoyDesk): { state: 'healthy' | 'degraded'; message: string } {
  const on = decoys.list().filter(({ isOn }) => isOn);
  const faults = on.flatMap(({ id }) => decoys.listenersOf(id)).filter(({ fault }) => fault !== '');
  if (on.length === 0) return { state: 'healthy', message: 'No decoy is on. "sphinx honeypots add" sets one up.' };
  const [first] = faults;
  if (first === undefined)
    return { state: 'healthy', message: `${on.length} ${on.length === 1 ? 'decoy is' : 'decoys are'} on.` };
  return {
    state: 'degraded',
    message: `${faults.length} places of decoys do not listen. ${first.address} ${first.port}: ${first.fault}`,
  };
}
