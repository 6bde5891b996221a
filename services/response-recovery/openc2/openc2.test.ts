import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rulesIn } from '../test-file-actuator.ts';
import { asset, House } from '../test-house.ts';
import { readMessage } from './message.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
  await house.publish('asset.discovered', 'office', asset('office', '10.0.1.1', { patientSafetyClass: 'none' }));
  await house.publish('asset.discovered', 'pump', asset('pump', '10.0.1.2', { patientSafetyClass: 'therapy' }));
  await house.publish('asset.discovered', 'vent', asset('vent', '10.0.1.3', { patientSafetyClass: 'life-sustaining' }));
  await house.addFirewall();
});

afterAll(() => house.close());

const send = async (body: unknown) => {
  const response = await house.ask<Response>('consumeOpenC2', { body });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as never,
  };
};
const contain = (device: string) => ({ action: 'contain', target: { device: { device_id: device } } });

describe('A command of another program', () => {
  it('is carried out, guarded like any other, and answered in OpenC2', async () => {
    const done = await send(contain('10.0.1.1'));
    expect(done).toMatchObject({ status: 200, type: 'application/openc2+json;version=1.0', body: { status: 200 } });
    expect((await rulesIn(house.rules)).rules).toBe(1);
  });

  it('waits for people, is refused, or is beyond what can be done here, and says which', async () => {
    expect(await send(contain('10.0.1.2'))).toMatchObject({ status: 200, body: { status: 102 } });
    const refused = await send(contain('10.0.1.3'));
    expect(refused).toMatchObject({
      status: 403,
      body: { status_text: expect.stringContaining('keeps patients alive') },
    });
    expect(await send({ action: 'stop', target: { process: { name: 'x' } } })).toMatchObject({ status: 501 });
    expect((await rulesIn(house.rules)).rules).toBe(1);
  });

  it('asks what can be done, also in an envelope, and hears what does not fit', async () => {
    const query = { action: 'query', target: { features: ['versions', 'pairs'] } };
    expect(await send(query)).toMatchObject({
      body: { results: { versions: ['1.0'], pairs: { contain: ['device'] } } },
    });
    const enveloped = { headers: { request_id: 'r-1' }, body: { openc2: { request: query } } };
    expect(await send(enveloped)).toMatchObject({
      body: { headers: { request_id: 'r-1' }, body: { openc2: { response: { status: 200 } } } },
    });
    expect(await send({ action: 'explode', target: {} })).toMatchObject({ status: 400, body: { status: 400 } });
  });

  it('is read whatever it is, without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constant(undefined)), (value) => {
        expect(readMessage(value).kind).toMatch(/command|features|problem/);
      }),
    );
  });
});
