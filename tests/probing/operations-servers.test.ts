import { join } from 'node:path';
import bacnet, { ApplicationTag, ErrorClass, ErrorCode, PropertyIdentifier } from '@bacnet-js/client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { freePort, Lab } from './lab.ts';
import { type Probed, probeService } from './probe-service.ts';

// Servers of the house and its machines: what they say of themselves is understood, and silence is no statement.

const lab = new Lab();
afterAll(() => lab.stop());

describe('a Modbus server of pymodbus', () => {
  const SCRIPT = `
import sys
from pymodbus.server import StartTcpServer
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext
names = {'VendorName': 'Example Controls', 'ProductCode': 'VENT-7', 'MajorMinorRevision': '2.11'}
StartTcpServer(context=ModbusServerContext(slaves=ModbusSlaveContext(), single=True),
  identity=ModbusDeviceIdentification(info_name=names) if sys.argv[2] == 'named' else None, address=('127.0.0.1', int(sys.argv[1])))
`;

  async function modbus(kind: 'named' | 'unnamed'): Promise<Probed> {
    const port = await freePort();
    const folder = await lab.folder({ 'server.py': SCRIPT });
    await lab.start('/usr/bin/python3', [join(folder, 'server.py'), String(port), kind], port);
    return probeService(port, ['modbus']);
  }

  it('tells its maker, product and revision', async () => {
    const probed = await modbus('named');
    expect(probed.values('modbus.device')).toEqual(['2.11', 'Example Controls', 'VENT-7']);
    expect(probed.failing).toEqual([]);
  });

  it('without a name says nothing of itself', async () => {
    expect((await modbus('unnamed')).values('modbus.device')).toEqual([]);
  });

  it('is asked for no value of the machine, and told none', async () => {
    const sent = (await modbus('named')).records.flatMap(({ data }) => (data === undefined ? [] : [data]));
    // Function 43, encapsulated interface transport: neither a read nor a write of registers and coils.
    expect(sent.map((bytes) => bytes[7])).toEqual([0x2b]);
  });
});

describe('a BACnet controller', () => {
  // The package is CommonJS: Node gives all its exports as one, Vitest the one that is called default.
  const BacnetDevice = 'default' in bacnet ? bacnet.default : bacnet;
  const NAMES: Readonly<Record<number, string>> = {
    [PropertyIdentifier.OBJECT_NAME]: 'AHU-Theatre-2',
    [PropertyIdentifier.VENDOR_NAME]: 'Example Controls',
    [PropertyIdentifier.MODEL_NAME]: 'AHU-900',
    [PropertyIdentifier.FIRMWARE_REVISION]: '4.2.1',
    [PropertyIdentifier.APPLICATION_SOFTWARE_VERSION]: '4.2',
  };
  const controllers: InstanceType<typeof BacnetDevice>[] = [];
  const written: unknown[] = [];
  afterEach(() => {
    for (const controller of controllers.splice(0)) controller.close();
  });

  async function controller(isTelling: boolean): Promise<Probed> {
    const port = await freePort();
    const device = new BacnetDevice({ port, interface: '127.0.0.1', broadcastAddress: '127.0.0.1' });
    controllers.push(device);
    device.on('readProperty', ({ header, invokeId, payload: { objectId, property } }) => {
      const value = NAMES[property.id];
      if (header === undefined) return;
      if (isTelling && value !== undefined) {
        const values = [{ type: ApplicationTag.CHARACTER_STRING, value }];
        device.readPropertyResponse(header.sender, invokeId ?? 0, objectId, property, values);
        return;
      }
      const READ_PROPERTY = 12;
      device.errorResponse(
        header.sender,
        READ_PROPERTY,
        invokeId ?? 0,
        ErrorClass.SECURITY,
        ErrorCode.READ_ACCESS_DENIED,
      );
    });
    device.on('writeProperty', (message) => written.push(message));
    await new Promise<void>((ready) => device.on('listening', () => ready()));
    return probeService(port, ['bacnet']);
  }

  it('tells its name, maker, model and versions', async () => {
    const probed = await controller(true);
    const told = probed.values('bacnet.device').join();
    for (const value of ['AHU-Theatre-2', 'Example Controls', 'AHU-900', '4.2.1']) expect(told).toContain(value);
    expect(probed.failing).toEqual([]);
    expect(written).toEqual([]);
  });

  it('that keeps it to itself is not given a name', async () => {
    expect((await controller(false)).values('bacnet.device')).toEqual([]);
  });
});
