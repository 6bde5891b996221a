export { checkBundle } from './bundle/check-bundle.ts';
export { service } from './service.ts';
