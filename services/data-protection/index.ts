export { loadDataKnowledge } from './knowledge/data-knowledge.ts';
export { service } from './service.ts';
