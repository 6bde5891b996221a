import { beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, START } from '../testing/invented-hospital.ts';
import { Trial } from '../testing/trial.ts';
import type { LogonRow } from './logon-watch.ts';

const DAYS = 12;
const NOW = START + DAYS * 24 * HOUR_MS;
const PERSONS = ['anna', 'bob', 'carla', 'dieter', 'eva'];

function logon(user: string, time: number, fields: Partial<LogonRow> = {}): LogonRow {
  const where = { src_ip: `10.5.0.${PERSONS.indexOf(user) + 1}`, device_host: 'files', service: 'smb' };
  const event = { kind: 'authentication', status: 'success', actor_user: '', object: '', event_code: '' };
  const rest = { time, source_id: 'log', is_sample: false, ...event };
  return { ...rest, ...where, target_user: user, ...fields };
}

let trial: Trial;
beforeAll(async () => {
  trial = await Trial.open();
  for (let hour = 0; hour < DAYS * 24; hour++) {
    if (hour % 24 < 8 || hour % 24 > 16) continue;
    for (const user of PERSONS) trial.watch.logons.take(logon(user, START + hour * HOUR_MS));
    // Somebody mistypes now and then.
    if (hour % 5 === 0) trial.watch.logons.take(logon('anna', START + hour * HOUR_MS + 1000, { status: 'failure' }));
  }
});

describe('log-ons of persons', () => {
  it('are learnt without an alarm, and teach nothing about hosts', () => {
    expect(trial.anomalies()).toEqual([]);
    expect(trial.library.device('user anna')).toMatchObject({ kind: 'user', hasLearnt: true });
    expect(trial.library.site.hours).toBe(0);
  });

  it('from a place where nobody ever did are told, with the person and the place', () => {
    trial.sightings.length = 0;
    trial.watch.logons.take(logon('bob', NOW, { src_ip: '203.0.113.5' }));
    expect(trial.anomalies()).toMatchObject([
      {
        detector: 'unusual-logon',
        actor: 'user bob',
        seen: 'The person logs on from 203.0.113.5',
        subjects: [
          { role: 'actor', type: 'user', value: 'bob' },
          { role: 'affected', type: 'ip', value: '203.0.113.5' },
        ],
      },
    ]);
    expect(trial.anomalies()[0]?.expected).toMatch(/^The person never logs on from 203\.0\.113\.5 \(this person in /);
  });

  it('from the desk of a colleague are none to tell of', () => {
    trial.sightings.length = 0;
    trial.watch.logons.take(logon('bob', NOW + 1000, { src_ip: '10.5.0.1' }));
    expect(trial.anomalies()).toEqual([]);
  });

  it('that fail far more often than for this person are brute force', () => {
    trial.sightings.length = 0;
    for (let attempt = 0; attempt < 60; attempt++) {
      trial.watch.logons.take(logon('carla', NOW + 2000 + attempt * 500, { status: 'failure' }));
    }
    const [found] = trial.anomalies();
    expect(found).toMatchObject({ detector: 'brute-force', actor: 'user carla' });
    expect(found?.seen).toMatch(/log-ons refused by smb in one hour$/);
    expect(found?.subjects[0]).toEqual({ role: 'actor', type: 'user', value: 'carla' });
  });

  it('over Kerberos are of the same person, and to the machine that the ticket is for', () => {
    trial.sightings.length = 0;
    const ticket = { event_code: '4769', device_host: 'dc1', target_user: 'DIETER@HOSPITAL.EXAMPLE' };
    trial.watch.logons.take(logon('dieter', NOW + 60_000, { ...ticket, object: 'FILES$' }));
    trial.watch.logons.take(logon('dieter', NOW + 61_000, { ...ticket, object: 'krbtgt' }));
    expect(trial.anomalies()).toEqual([]);
    trial.watch.logons.take(logon('dieter', NOW + 62_000, { ...ticket, object: 'BACKUP7$' }));
    expect(trial.anomalies()).toMatchObject([
      { detector: 'unusual-logon', actor: 'user dieter', seen: 'The person logs on to backup7' },
    ]);
  });

  it('of machines, of nobody and of other logs count for nothing', () => {
    trial.sightings.length = 0;
    for (const odd of [{ target_user: 'PUMP7$' }, { target_user: '' }, { kind: 'web' }]) {
      for (let attempt = 0; attempt < 60; attempt++) {
        trial.watch.logons.take(
          logon('eva', NOW + 90_000 + attempt, { status: 'failure', src_ip: '203.0.113.9', ...odd }),
        );
      }
    }
    expect(trial.anomalies()).toEqual([]);
  });
});
