import type { ServiceDefinition } from '@sphinx/platform';
import { service as accessGate } from '@sphinx/service-access-gate';
import { service as activeProbing } from '@sphinx/service-active-probing';
import { service as anomalyDetection } from '@sphinx/service-anomaly-detection';
import { service as assetInventory } from '@sphinx/service-asset-inventory';
import { service as dataProtection } from '@sphinx/service-data-protection';
import { service as decisionSupport } from '@sphinx/service-decision-support';
import { service as dependabilityMonitoring } from '@sphinx/service-dependability-monitoring';
import { service as deviceVerification } from '@sphinx/service-device-verification';
import { service as honeypots } from '@sphinx/service-honeypots';
import { service as incidentForensics } from '@sphinx/service-incident-forensics';
import { service as intrusionDetection } from '@sphinx/service-intrusion-detection';
import { service as logCollection } from '@sphinx/service-log-collection';
import { service as responseRecovery } from '@sphinx/service-response-recovery';
import { service as riskAssessment } from '@sphinx/service-risk-assessment';
import { service as trafficMonitoring } from '@sphinx/service-traffic-monitoring';
import { service as vulnerabilityAssessment } from '@sphinx/service-vulnerability-assessment';

/** The toolbox. The only place that knows which services there are; started in this order. */
export const SERVICES: readonly ServiceDefinition[] = [
  // A definition is generic in its settings; the supervisor only hands validated settings back to it.
  // Before traffic is read: threads take what it offers when they start.
  intrusionDetection as unknown as ServiceDefinition,
  dataProtection as unknown as ServiceDefinition,
  anomalyDetection as unknown as ServiceDefinition,
  trafficMonitoring as unknown as ServiceDefinition,
  assetInventory as unknown as ServiceDefinition,
  deviceVerification as unknown as ServiceDefinition,
  vulnerabilityAssessment as unknown as ServiceDefinition,
  accessGate as unknown as ServiceDefinition,
  incidentForensics as unknown as ServiceDefinition,
  decisionSupport as unknown as ServiceDefinition,
  responseRecovery as unknown as ServiceDefinition,
  activeProbing as unknown as ServiceDefinition,
  honeypots as unknown as ServiceDefinition,
  logCollection as unknown as ServiceDefinition,
  riskAssessment as unknown as ServiceDefinition,
  dependabilityMonitoring as unknown as ServiceDefinition,
];
