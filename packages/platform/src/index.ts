export { Access } from './access/access.ts';
export { sessionRoutes } from './access/access-routes.ts';
export { tokenRoutes, userRoutes } from './access/account-routes.ts';
export { MakerQuery, MakerScope, makerScopeOf } from './access/maker-scope.ts';
export * from './access/permission.ts';
export type * from './access/principal.ts';
export { auditRoutes } from './audit/audit-routes.ts';
export { type AuditEntry, AuditTrail } from './audit/audit-trail.ts';
export type * from './blob-store/blob-store.ts';
export { openFolderBlobStore } from './blob-store/folder/folder-blob-store.ts';
export type * from './bus/bus.ts';
export { openStateStoreBus } from './bus/embedded/embedded-bus.ts';
export { Outbox } from './bus/outbox.ts';
export { ManualClock, systemClock } from './clock/clock.ts';
export { Configuration } from './configuration/configuration.ts';
export { configurationRoutes } from './configuration/configuration-routes.ts';
export { ProgramSettings } from './configuration/program-settings.ts';
export { defineSettings, type SettingDefinition, SettingView } from './configuration/setting.ts';
export { isInternalAddress } from './download/internal-address.ts';
export * from './errors.ts';
export { openDuckDbEventStore } from './event-store/duckdb/duckdb-event-store.ts';
export type * from './event-store/event-store.ts';
export { type Api, createApi } from './http/api.ts';
export {
  type CertificateAuthority,
  createAuthority,
  createKeyPair,
  issueCertificate,
} from './http/certificate-authority.ts';
export { eventRoutes } from './http/event-routes.ts';
export { createFront } from './http/front.ts';
export { healthRoutes, isReady } from './http/health-routes.ts';
export { type HttpsServer, serveHttps } from './http/https-server.ts';
export { Notifier } from './http/notifier.ts';
export { API_BASE, createOpenApiDocument } from './http/openapi.ts';
export * from './http/page.ts';
export * from './http/route.ts';
export { ensureServerCertificate, type ServerCertificate } from './http/server-certificate.ts';
export { loadStaticFiles } from './http/static-files.ts';
export * from './inspection/sensor-inspection.ts';
export * from './inspection/stored-captures.ts';
export * from './inspection/stored-sessions.ts';
export { jobRoutes } from './jobs/job-routes.ts';
export type * from './jobs/jobs.ts';
export { openJobs } from './jobs/state-store-jobs.ts';
export { loadFileTypes } from './knowledge/load-file-types.ts';
export { loadKnowledgeFiles } from './knowledge/load-knowledge-files.ts';
export { parseYaml } from './knowledge/parse-yaml.ts';
export { createLogger } from './observability/logger.ts';
export { Metrics } from './observability/metrics.ts';
export { type AssetPlace, AssetPlaces } from './places/asset-places.ts';
export { ensureMasterKey } from './secrets/master-key.ts';
export { openSealedSecrets, SECRET_MIGRATIONS } from './secrets/sealed-secrets.ts';
export type * from './service/service.ts';
export { applyServiceChange, enabledKeyOf, ServiceView, serviceRoutes } from './service/service-routes.ts';
export { superviseBus } from './service/supervised-bus.ts';
export { type ServiceStatus, ServiceSupervisor } from './service/supervisor.ts';
export { openPgliteStateStore } from './state-store/pglite/pglite-state-store.ts';
export type * from './state-store/state-store.ts';
