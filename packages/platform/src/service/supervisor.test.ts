import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Logger, RunningService, ServiceContext, ServiceDefinition } from './service.ts';
import { ServiceSupervisor } from './supervisor.ts';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };
const QUIET_SERVICE: RunningService = { routes: [], stop: async () => {} };

function define(id: string, start: ServiceDefinition['start']): ServiceDefinition {
  return {
    manifest: {
      id,
      title: id,
      question: '?',
      description: '',
      version: '1',
      consumes: [],
      produces: [],
      needs: [],
      settings: z.object({}),
      isEnabledByDefault: true,
      permissions: [],
    },
    migrations: [],
    start,
  };
}

describe('a supervised service', () => {
  let supervisor: ServiceSupervisor | undefined;
  afterEach(() => supervisor?.stop());

  const supervise = (...definitions: ServiceDefinition[]) => {
    supervisor = new ServiceSupervisor({
      definitions,
      createContext: async (_definition, run) => ({
        context: run as unknown as ServiceContext<never>,
        release: async () => {},
      }),
      logger: SILENT,
      now: () => Date.now(),
      initialBackOffMs: 5,
      startPatienceMs: 50,
    });
    return supervisor;
  };

  it('that hangs in its start keeps no other from starting, and can be switched off', async () => {
    let finish = (_: RunningService) => {};
    let isStopped = false;
    const sut = supervise(
      define('hanging', () => {
        const { promise, resolve } = Promise.withResolvers<RunningService>();
        finish = resolve;
        return promise;
      }),
      define('sound', async () => QUIET_SERVICE),
    );
    await sut.enable('hanging');
    await sut.enable('sound');
    expect(await sut.status('hanging')).toMatchObject({ state: 'starting' });
    expect(await sut.status('sound')).toMatchObject({ state: 'running' });
    await sut.disable('hanging');
    expect(await sut.status('hanging')).toMatchObject({ state: 'stopped', lastError: undefined });
    const stop = async () => {
      isStopped = true;
    };
    finish({ routes: [], stop });
    await vi.waitFor(() => expect(isStopped).toBe(true));
    expect(await sut.status('hanging')).toMatchObject({ state: 'stopped' });
  });

  it('that cannot start is tried again until it can, and the reason is shown meanwhile', async () => {
    let attempts = 0;
    const sut = supervise(
      define('flaky', async () => {
        attempts += 1;
        if (attempts < 3) throw new Error('no database');
        return QUIET_SERVICE;
      }),
    );
    await sut.enable('flaky');
    expect(await sut.status('flaky')).toMatchObject({ state: 'restarting', lastError: 'no database' });
    await vi.waitFor(async () => expect(await sut.status('flaky')).toMatchObject({ state: 'running', restarts: 2 }));
  });

  it('that throws in a timer is restarted, and its neighbour goes on undisturbed', async () => {
    const starts = { thrower: 0, neighbour: 0 };
    const sut = supervise(
      define('thrower', async () => {
        starts.thrower += 1;
        if (starts.thrower === 1) {
          setTimeout(() => {
            throw new Error('thrown in a timer');
          }, 5);
        }
        return QUIET_SERVICE;
      }),
      define('neighbour', async () => {
        starts.neighbour += 1;
        return QUIET_SERVICE;
      }),
    );
    // Vitest listens for stray errors too; here the supervisor is the one that must see them.
    const others = process.listeners('uncaughtException').filter((listener) => !listener.name.includes('onStrayError'));
    const vitestListeners = others.slice(0, -1);
    for (const listener of vitestListeners) process.off('uncaughtException', listener);
    try {
      await Promise.all([sut.enable('thrower'), sut.enable('neighbour')]);
      await vi.waitFor(() => expect(starts.thrower).toBe(2));
    } finally {
      for (const listener of vitestListeners) process.on('uncaughtException', listener);
    }
    expect(await sut.status('thrower')).toMatchObject({ state: 'running', lastError: 'thrown in a timer' });
    expect(await sut.status('neighbour')).toMatchObject({ state: 'running', restarts: 0 });
    expect(starts.neighbour).toBe(1);
  });

  it('that is switched off while it waits for a restart stays off', async () => {
    let attempts = 0;
    const sut = supervise(
      define('broken', async () => {
        attempts += 1;
        throw new Error('always');
      }),
    );
    await sut.enable('broken');
    await sut.disable('broken');
    const attemptsWhenStopped = attempts;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(attempts).toBe(attemptsWhenStopped);
    expect(await sut.status('broken')).toMatchObject({ state: 'stopped', isEnabled: false });
  });

  it('that is switched off offers no routes any more', async () => {
    const route = { path: '/things' } as unknown as RunningService['routes'][number];
    const sut = supervise(define('things', async () => ({ ...QUIET_SERVICE, routes: [route] })));
    await sut.enable('things');
    expect(sut.routes()).toEqual([route]);
    await sut.disable('things');
    expect(sut.routes()).toEqual([]);
  });

  it('that keeps failing is shown as failed and unhealthy', async () => {
    const sut = supervise(
      define('broken', async () => {
        throw new Error('no licence');
      }),
    );
    await sut.enable('broken');
    await vi.waitFor(async () => {
      const status = await sut.status('broken');
      expect(status.state).toBe('failed');
      expect(status.health.message).toContain('no licence');
    });
  });

  it('is not known: the message lists those that are', async () => {
    const sut = supervise(
      define('a', async () => QUIET_SERVICE),
      define('b', async () => QUIET_SERVICE),
    );
    await expect(sut.status('c')).rejects.toThrow('Known services: a, b');
  });
});
