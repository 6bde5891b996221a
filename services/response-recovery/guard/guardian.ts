import type { ClinicalFlow, OpenC2Command } from '@sphinx/response';
import type { CommandPlace } from '../actuators/configured-actuator.ts';
import type { Device, Talk } from '../assets/device.ts';
import type { DeviceBook } from '../assets/device-book.ts';
import type { KeptFlowRules } from '../knowledge/kept-flow-rules.ts';
import type { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { Documents } from '../runs/documents.ts';
import type { Action } from '../runs/run.ts';
import { type GuardVerdict, judgeAction } from './guard.ts';
import { type LeftOutFlow, type Micro, microQuarantine, type Peer } from './kept-flows.ts';
import { addressesOf, touchedBy } from './touched.ts';

/** What is known of an action at this moment. */
export interface Look extends CommandPlace {
  readonly verdict: GuardVerdict;
  readonly macAddresses: readonly string[];
  readonly keptFlows: readonly ClinicalFlow[];
  readonly leftOut: readonly LeftOutFlow[];
}

/** Tells what stops elsewhere when a device is gone. */
export interface CareLosses {
  lossesOf(deviceId: string): readonly string[];
}

const CUTTING = new Set(['cut-off', 'restarted', 'replaced']);

/** Looks at the world for the guard: at planning, and again right before an action. */
export class Guardian {
  readonly #parts: {
    readonly policy: ResponsePolicy;
    readonly rules: KeptFlowRules;
    readonly book: DeviceBook;
    readonly care: CareLosses;
    readonly actions: Documents<Action>;
  };

  constructor(parts: {
    readonly policy: ResponsePolicy;
    readonly rules: KeptFlowRules;
    readonly book: DeviceBook;
    readonly care: CareLosses;
    readonly actions: Documents<Action>;
  }) {
    this.#parts = parts;
  }

  /**
   * @param attackFrom when the attack was seen first, milliseconds since the Unix epoch
   * @param besides.cut devices that will be cut off by then, besides those that are
   * @param besides.action id of the action itself, which does not count against itself
   */
  async look(
    command: OpenC2Command,
    attackFrom: number,
    besides: { readonly cut?: ReadonlySet<string>; readonly action?: string } = {},
  ): Promise<Look> {
    const { policy, book, care } = this.#parts;
    const touched = touchedBy(command, book);
    const cut = new Set([...(await this.#cutNow(besides.action)), ...(besides.cut ?? [])]);
    const verdict = judgeAction(command, {
      policy,
      touched,
      cut,
      inCareArea: (careArea) => book.inCareArea(careArea),
      microOf: (device) => this.microOf(device, attackFrom),
      careLossOf: (device) => care.lossesOf(device.id),
    });
    const isMicro = verdict.interference === 'restricted' && command.action === 'contain';
    const micros = isMicro ? touched.devices.map((device) => this.microOf(device, attackFrom)) : [];
    return {
      verdict,
      ...addressesOf(touched),
      deviceIds: touched.devices.map(({ id }) => id),
      keptFlows: micros.flatMap(({ kept }) => kept),
      leftOut: micros.flatMap(({ leftOut }) => leftOut),
    };
  }

  /** What stays and what not of a device that is restricted. */
  microOf(device: Device, attackFrom: number): Micro {
    return microQuarantine(device, this.#parts.rules, { attackFrom, nameOf: (talk) => this.#peerOf(talk) });
  }

  #peerOf({ assetId, ip }: Talk): Peer {
    const { book } = this.#parts;
    const device = (assetId === null ? undefined : book.get(assetId)) ?? book.find(ip)[0];
    if (device === undefined) return { name: ip, isOfCare: false };
    return { name: device.name, isOfCare: !['none', 'unknown'].includes(device.clinicalClass) };
  }

  /** Devices that are cut off by an action that stands. */
  async #cutNow(except: string | undefined): Promise<readonly string[]> {
    const standing = await this.#parts.actions.inStates(['applying', 'done', 'undo-failed']);
    return standing
      .filter(({ id, verdict }) => id !== except && verdict !== null && CUTTING.has(verdict.interference))
      .flatMap(({ devices }) => devices);
  }
}
