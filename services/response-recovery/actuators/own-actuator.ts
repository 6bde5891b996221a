import type { Actuator, ActuatorCommand } from '@sphinx/response';
import type { Device } from '../assets/device.ts';

/** Id of the actuator that is SPHINX itself. */
export const OWN_ACTUATOR = 'sphinx';

/**
 * What SPHINX does itself: asks for a new verdict on a device, whose checks are passive first.
 *
 * @param request publishes that a device is to be verified
 */
export function ownActuator(
  find: (name: string) => readonly Device[],
  request: (device: Device, reason: string) => Promise<void>,
): Actuator {
  const devicesOf = ({ command }: ActuatorCommand) => {
    const name = command.target['x-sphinx:verdict']?.device ?? command.target.device?.device_id ?? '';
    return find(name);
  };
  return {
    id: OWN_ACTUATOR,
    type: OWN_ACTUATOR,
    capabilities: [
      { action: 'query', target: 'x-sphinx:verdict', isReversible: false },
      { action: 'scan', target: 'device', isReversible: false },
    ],
    prepare: async (command) => ({
      effects: devicesOf(command).map(({ name }) => `${name} is verified anew; nothing on it is changed`),
      before: null,
      isReversible: false,
    }),
    async apply(command) {
      const devices = devicesOf(command);
      for (const device of devices) await request(device, `response ${command.id}`);
      const names = devices.map(({ name }) => name).join(', ');
      return {
        summary:
          devices.length === 0 ? 'The inventory does not know the device.' : `A new verdict is asked for: ${names}.`,
        result: devices.map(({ id }) => id),
      };
    },
    undo: async () => ({ summary: 'Nothing was changed.', result: null }),
    verify: async () => 'unknown',
    check: async () => ({ isReady: true, message: 'SPHINX itself.' }),
  };
}
