import type { Fact } from '../event.ts';
import { deviceOfAsset, deviceOfHost, deviceOfId, enrichmentsOfEvidence, enrichmentsOfFacts } from './ocsf-device.ts';
import { CLINICAL_CONTEXT_PROFILE, compact, createOcsfEvent, type OcsfEvent, type OcsfOrigin } from './ocsf-event.ts';

/** `managed_entity.type_id`. */
const DEVICE_ENTITY = { type_id: 1, type: 'Device' } as const;

/** Evidence about a host: Device Inventory Info with what was seen as enrichments. */
export function hostObserved(fact: Fact<'host.observed'>, origin: OcsfOrigin): OcsfEvent {
  const { host, evidence } = fact.data;
  return createOcsfEvent('inventory_info', {
    activity: [2, 'Collect'],
    time: fact.time,
    message: `${host.ip ?? host.mac ?? fact.key} showed ${evidence.map(({ attribute }) => attribute).join(', ')}`,
    origin,
    attributes: { device: deviceOfHost(host, fact.key), enrichments: enrichmentsOfEvidence(evidence) },
  });
}

/** An asset as it is known now: Device Inventory Info with its clinical context. */
export function assetKnown(fact: Fact<'asset.discovered' | 'asset.updated'>, origin: OcsfOrigin): OcsfEvent {
  const asset = fact.data;
  return createOcsfEvent('inventory_info', {
    activity: [2, 'Collect'],
    time: fact.time,
    message: `${asset.name || asset.id} was ${fact.type === 'asset.discovered' ? 'discovered' : 'updated'}`,
    origin,
    profiles: [CLINICAL_CONTEXT_PROFILE],
    attributes: { device: deviceOfAsset(asset), enrichments: enrichmentsOfFacts(asset) },
  });
}

/** Two assets turned out to be one: Entity Management of the one that is no more. */
export function assetMerged(fact: Fact<'asset.merged'>, origin: OcsfOrigin): OcsfEvent {
  const { assetId, mergedAssetId, reason, by } = fact.data;
  return createOcsfEvent('entity_management', {
    activity: [99, 'Merge'],
    time: fact.time,
    message: `${mergedAssetId} was merged into ${assetId}: ${reason}`,
    origin,
    attributes: {
      actor: actorOf(by),
      comment: reason,
      entity: entityOf(mergedAssetId),
      updated_entity: entityOf(assetId),
    },
  });
}

/** An asset is gone from the inventory. */
export function assetRemoved(fact: Fact<'asset.removed'>, origin: OcsfOrigin): OcsfEvent {
  const { assetId, reason } = fact.data;
  return createOcsfEvent('entity_management', {
    activity: [4, 'Delete'],
    time: fact.time,
    message: `${assetId} was removed: ${reason}`,
    origin,
    attributes: { comment: reason, entity: entityOf(assetId) },
  });
}

/** A traffic source is gone, with all that it showed. */
export function sourceRemoved(fact: Fact<'source.removed'>, origin: OcsfOrigin): OcsfEvent {
  const { source } = fact.data;
  return createOcsfEvent('entity_management', {
    activity: [4, 'Delete'],
    time: fact.time,
    message: `Traffic source ${source} was removed`,
    origin,
    attributes: { entity: { uid: source || fact.key, type_id: 99, type: 'Traffic Source' } },
  });
}

/** @returns the OCSF actor of a person or a service by name, or undefined where nobody is named */
export function actorOf(name: string): Record<string, unknown> | undefined {
  return name === '' ? undefined : { user: { name } };
}

function entityOf(assetId: string): Record<string, unknown> {
  return compact({ uid: assetId, ...DEVICE_ENTITY, device: deviceOfId(assetId) });
}
