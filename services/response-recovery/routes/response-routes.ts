import type { Clock, Route } from '@sphinx/platform';
import type { ResponseHouse } from '../service.ts';
import { actuatorRoutes } from './actuator-routes.ts';
import { downtimeRoutes } from './downtime-routes.ts';
import { openC2Routes } from './openc2-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { runRoutes } from './run-routes.ts';

export interface ResponseRouteParts extends ResponseHouse {
  readonly clock: Clock;
  notify(): void;
}

/** Runs, what people are asked, and the means to act. */
export function responseRoutes(parts: ResponseRouteParts): readonly Route[] {
  return [
    ...runRoutes(parts),
    ...peopleRoutes(parts),
    ...actuatorRoutes(parts),
    ...openC2Routes(parts),
    ...downtimeRoutes(parts),
  ];
}
