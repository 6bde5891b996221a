import type { Fact } from '../event.ts';
import type { MediaAction } from '../media.ts';
import { ipOf } from './ocsf-device.ts';
import { compact, createOcsfEvent, type OcsfActivity, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

/** `activity_id` of Peripheral Activity; what is done with the files on a medium has none there. */
const ACTIVITIES: Readonly<Record<MediaAction, OcsfActivity>> = {
  attached: [1, 'Connect'],
  removed: [2, 'Disconnect'],
  blocked: [4, 'Disable'],
  mounted: [99, 'Mount'],
  written: [99, 'Write'],
  read: [99, 'Read'],
  deleted: [99, 'Delete'],
  run: [99, 'Execute'],
  exported: [99, 'Export'],
};

/** A removable medium was used: Peripheral Activity. */
export function mediaUsed({ time, data }: Fact<'media.used'>, origin: OcsfOrigin): OcsfEvent {
  const { action, host, hostIp, user, medium, files, bytes, patients } = data;
  const { kind, maker, product, serial } = medium;
  const isStorage = kind === 'usb-storage' || kind === 'memory-card' || kind === 'disc';
  return createOcsfEvent('peripheral_activity', {
    activity: ACTIVITIES[action],
    time,
    message: `${host}: removable medium ${action}${files === 0 ? '' : `, ${files} files`}`,
    origin,
    attributes: {
      actor: { user: { name: user || 'unknown', type_id: 0, type: 'Unknown' } },
      device: compact({ uid: host, hostname: host, ip: ipOf(hostIp)[0], type_id: 0, type: 'Unknown' }),
      peripheral_device: compact({
        name: [maker, product].filter((word) => word !== '').join(' ') || kind,
        vendor_name: maker,
        model: product,
        serial_number: serial,
        type_id: isStorage ? 1 : 99,
        type: isStorage ? 'External Storage' : kind,
      }),
      unmapped: { files, bytes, patients, file_kinds: data.fileKinds },
    },
  });
}
