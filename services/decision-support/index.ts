export { loadDeliveredPlaybooks } from './playbooks/delivered.ts';
export type {
  CourseItem,
  DecisionItem,
  LessonItem,
  ProfileView,
  SubjectDetail,
  SubjectItem,
} from './routes/decision-shapes.ts';
export type { PlaybookDetail, PlaybookItem } from './routes/playbook-shapes.ts';
export { service } from './service.ts';
