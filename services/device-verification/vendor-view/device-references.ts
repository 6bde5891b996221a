import { createHmac, randomBytes } from 'node:crypto';
import type { Secrets } from '@sphinx/platform';

const SECRET = 'vendor-reference-key';

/**
 * Names of devices for their makers. The id of an asset follows from its address, so whoever has it can try addresses out; these
 * follow from it and a secret of this SPHINX.
 */
export class DeviceReferences {
  readonly #key: Uint8Array;

  private constructor(key: Uint8Array) {
    this.#key = key;
  }

  static async open(secrets: Secrets): Promise<DeviceReferences> {
    const stored = await secrets.get(SECRET);
    if (stored !== undefined) return new DeviceReferences(stored);
    const key = randomBytes(32);
    await secrets.set(SECRET, key);
    return new DeviceReferences(key);
  }

  /** @returns the same for the same asset, always */
  of(assetId: string): string {
    return `dev_${createHmac('sha256', this.#key).update(assetId).digest('hex').slice(0, 24)}`;
  }
}
