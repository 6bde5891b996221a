import type { MediumKind } from '@sphinx/schema';

/** What the name of a device in Windows says of it. */
export interface WindowsDevice {
  readonly kind: MediumKind | undefined;
  readonly maker: string;
  readonly product: string;
  readonly serial: string;
}

const NOTHING: WindowsDevice = { kind: undefined, maker: '', product: '', serial: '' };
/** `USBSTOR\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\4C53…&0`; within names of other devices `\` is `#`. */
const STORAGE =
  /(USBSTOR|SCSI|SD)[\\#]+(Disk|CdRom|Other|SFloppy)?&?Ven_([^&\\#]*)&Prod_([^&\\#]*)(?:&Rev_[^\\#]*)?(?:[\\#]+([^\\#{]+))?/i;
const USB = /USB[\\#]+VID_([0-9A-F]{4})&PID_([0-9A-F]{4})[^\\#]*(?:[\\#]+([^\\#{]+))?/i;

/**
 * Reads a device instance id ("Device instance IDs", "Standard USB identifiers" of Microsoft's driver documentation).
 *
 * @param id of a device, or of one above it such as `SWD\WPDBUSENUM\_??_USBSTOR#…`
 */
export function readWindowsDevice(id: string): WindowsDevice {
  const plain = id.slice(0, 500).replaceAll('\\\\', '\\').replaceAll('\\_', '_');
  const storage = STORAGE.exec(plain);
  if (storage !== null) {
    const [, bus = '', type = '', maker = '', product = '', instance = ''] = storage;
    const kind = /cdrom/i.test(type) ? 'disc' : /^sd$/i.test(bus) ? 'memory-card' : 'usb-storage';
    return { kind, maker: wordsOf(maker), product: wordsOf(product), serial: serialOf(instance) };
  }
  const usb = USB.exec(plain);
  if (usb === null) return NOTHING;
  const [, vendor = '', product = '', instance = ''] = usb;
  return {
    kind: undefined,
    maker: `USB ${vendor.toUpperCase()}`,
    product: product.toUpperCase(),
    serial: serialOf(instance),
  };
}

function wordsOf(name: string): string {
  return name.replaceAll('_', ' ').trim();
}

/** Where the second character is `&`, Windows made the number up, as the device has none of its own. */
function serialOf(instance: string): string {
  if (instance[1] === '&') return '';
  return instance.replace(/&\d+$/, '').trim();
}
