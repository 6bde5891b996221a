import { PatientSafetyClass } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { PROBES } from '../index.ts';
import { type Approval, type Circumstances, decide, policyFor } from './decide.ts';
import { loadProbingKnowledge } from './load-knowledge.ts';
import { ProbeNetworks } from './networks.ts';
import { ProbePolicy } from './probe-policy.ts';

const { policies, credentials } = await loadProbingKnowledge(
  new URL('../../../../knowledge', import.meta.url).pathname,
);

const HOUR_MS = 3_600_000;
const NOW = 10 * HOUR_MS;
const agreed = (fields: Partial<Approval> = {}): Approval => ({
  id: 'apv_1',
  target: 'ast_1',
  by: 'anna',
  at: NOW - HOUR_MS,
  until: NOW + HOUR_MS,
  isOutOfCare: false,
  credentials: [],
  note: '',
  withdrawnAt: null,
  ...fields,
});

function decideOn(fields: Partial<Circumstances>, subject: Partial<Circumstances['subject']> = {}) {
  return decide(
    {
      subject: { assetId: 'ast_1', ip: '10.0.0.9', kind: undefined, safetyClass: undefined, ...subject },
      occasion: 'on-demand',
      now: NOW,
      minuteOfDay: 12 * 60,
      policies,
      approvals: [],
      stopped: undefined,
      mark: undefined,
      outside: undefined,
      ...fields,
    },
    PROBES,
  );
}

const OCCASIONS = ['first-sight', 'periodic', 'on-demand'] as const;

describe('the policies of knowledge', () => {
  it('cover every class, and devices of which nobody knows it', () => {
    for (const safetyClass of [...PatientSafetyClass.options, undefined]) {
      expect(policyFor({ assetId: '', ip: '', kind: undefined, safetyClass }, policies), safetyClass).toBeDefined();
    }
  });

  it.each(['life-sustaining', 'therapy'])('never let a device of class %s be probed by default', (safetyClass) => {
    for (const occasion of OCCASIONS) expect(decideOn({ occasion }, { safetyClass }).isAllowed).toBe(false);
    expect(decideOn({ approvals: [agreed()] }, { safetyClass }).isAllowed).toBe(false);
  });

  it.each(['infusion-pump', 'ventilator', 'patient-monitor'])(
    'leave a %s alone whatever class somebody gave it',
    (kind) => {
      for (const occasion of OCCASIONS)
        expect(decideOn({ occasion }, { kind, safetyClass: 'none' }).isAllowed).toBe(false);
    },
  );

  it('let a fragile device be asked on the bench, when a person states that it is on no patient, and then with care', () => {
    const approvals = [agreed({ isOutOfCare: true })];
    const decision = decideOn({ approvals }, { kind: 'infusion-pump', safetyClass: 'life-sustaining' });
    expect(
      decision.isAllowed && decision.probes.every(({ caution }) => caution === 'listens' || caution === 'asks'),
    ).toBe(true);
    expect(decideOn({ approvals, occasion: 'periodic' }, { kind: 'infusion-pump' }).isAllowed).toBe(false);
  });

  it('leave a device of unknown class alone until a person agrees, for as long as that was agreed', () => {
    expect(decideOn({}).isAllowed).toBe(false);
    expect(decideOn({ approvals: [agreed()] }).isAllowed).toBe(true);
    expect(decideOn({ approvals: [agreed({ until: NOW })] }).isAllowed).toBe(false);
    expect(decideOn({ approvals: [agreed({ withdrawnAt: NOW - 1 })] }).isAllowed).toBe(false);
    expect(decideOn({ approvals: [agreed({ target: 'ast_2' })] }).isAllowed).toBe(false);
  });

  it('let the schedule ask modalities at night only, and a person at any time', () => {
    const subject = { safetyClass: 'diagnosis' };
    const approvals = [agreed()];
    const at = (hour: number, occasion: Circumstances['occasion']) =>
      decideOn({ approvals, occasion, minuteOfDay: hour * 60 }, subject).isAllowed;
    expect([at(12, 'periodic'), at(23, 'periodic'), at(5, 'periodic'), at(6, 'periodic')]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(at(12, 'on-demand')).toBe(true);
  });

  it('try passwords only where the policy allows logins and a person picked them', () => {
    const tries = (safetyClass: string, approvals: Approval[]) => {
      const decision = decideOn({ approvals }, { safetyClass });
      return decision.isAllowed && decision.probes.some(({ id }) => id === 'default-credentials');
    };
    const picked = [agreed({ credentials: [credentials[0]?.id ?? ''], isOutOfCare: true })];
    expect(tries('none', [])).toBe(false);
    expect(tries('none', [agreed()])).toBe(false);
    expect(tries('none', picked)).toBe(true);
    expect(tries('diagnosis', picked)).toBe(false);
    expect(tries('life-sustaining', picked)).toBe(false);
  });
});

describe('a decision', () => {
  const server = { safetyClass: 'none' };

  it('says no to everything while probing is stopped, and why', () => {
    expect(decideOn({}, server).isAllowed).toBe(true);
    expect(decideOn({ stopped: 'alarm on ward 3' }, server)).toMatchObject({
      isAllowed: false,
      reason: 'Probing is stopped: alarm on ward 3',
    });
  });

  it('leaves a device alone that had answered slower', () => {
    expect(decideOn({ mark: 'it takes 900 ms now.' }, server).isAllowed).toBe(false);
  });

  it('keeps within the networks of the hospital', () => {
    const networks = new ProbeNetworks(['10.0.0.0/8', 'fc00::/7'], ['10.9.0.0/16']);
    expect(networks.refusal('10.1.2.3')).toBeUndefined();
    expect(networks.refusal('fd00::1')).toBeUndefined();
    for (const ip of ['8.8.8.8', '10.9.1.1', '2001:db8::1', 'pump', '']) {
      expect(decideOn({ outside: networks.refusal(ip) }, server).isAllowed, ip).toBe(false);
    }
    expect(() => new ProbeNetworks(['10.0.0.0/40'], [])).toThrow(/no network/);
  });
});

describe('nmap', () => {
  const engine = { id: 'nmap', unavailable: undefined } as const;

  it('may ask servers and office devices, and no device that a patient may depend on, whatever was agreed', () => {
    const approvals = [agreed({ isOutOfCare: true, credentials: [] })];
    const allowed = [...PatientSafetyClass.options, undefined].filter(
      (safetyClass) => decideOn({ engine, approvals }, { safetyClass }).isAllowed,
    );
    expect(allowed).toEqual(PatientSafetyClass.options.filter((one) => one === 'care-support' || one === 'none'));
    expect(decideOn({ engine, approvals }, { kind: 'infusion-pump', safetyClass: 'none' }).isAllowed).toBe(false);
  });

  it('is refused with a reason where it cannot run', () => {
    const missing = { id: 'nmap', unavailable: 'nmap is not installed.' } as const;
    expect(decideOn({ engine: missing }, { safetyClass: 'none' })).toMatchObject({ reason: 'nmap is not installed.' });
  });

  it('is allowed by no policy for devices that may be on a patient', () => {
    const fragile = policies.find(({ id }) => id === 'fragile');
    expect(ProbePolicy.safeParse({ ...fragile, engines: ['nmap'] }).success).toBe(false);
  });
});
