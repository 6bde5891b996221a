import type { Clock, EventStore, Route } from '@sphinx/platform';
import type { PacketKeeper } from './buffer/kept-packets.ts';
import { packetRoutes } from './buffer/packet-routes.ts';
import { fileRoutes } from './files/file-routes.ts';
import { remoteSensorRoutes } from './remote/sensor-routes.ts';
import type { SourceManager } from './sources/source-manager.ts';
import { sourceRoutes } from './sources/source-routes.ts';
import { trafficRoutes } from './traffic/traffic-routes.ts';

/** The HTTP API of the service: where traffic comes from, and what there was. */
export function monitoringRoutes(dependencies: {
  sources: SourceManager;
  telemetry: EventStore;
  clock: Clock;
  uploadFolder: string;
  keeper: PacketKeeper;
  limits: { readonly megabytes: number; readonly hours: number };
  maximumUploadMegabytes: number;
  writeSampleCapture: (path: string) => Promise<void>;
  files: Parameters<typeof fileRoutes>[0];
  remote: Parameters<typeof remoteSensorRoutes>[0];
}): readonly Route[] {
  return [
    ...sourceRoutes(dependencies),
    ...trafficRoutes(dependencies),
    ...packetRoutes(dependencies),
    ...fileRoutes(dependencies.files),
    ...remoteSensorRoutes(dependencies.remote),
  ];
}
