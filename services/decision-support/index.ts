export { loadDeliveredPlaybooks } from './playbooks/delivered.ts';
export type { PlaybookDetail, PlaybookItem } from './routes/playbook-shapes.ts';
export { service } from './service.ts';
