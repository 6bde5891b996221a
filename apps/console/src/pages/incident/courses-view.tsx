import { Text } from '@mantine/core';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { ServiceOff } from '../../components/service-off.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { CourseList } from '../decision/course-list.tsx';
import { useAdvice } from '../decisions/queries.ts';
import type { IncidentDetail } from '../incidents/queries.ts';

/** What can be done about an open incident. */
export function CoursesView({ incident }: { incident: IncidentDetail }) {
  const mayRead = useMay('decisions:read');
  const off = useServicesOff().get('decision-support');
  if (off !== undefined) return <ServiceOff service={off} />;
  if (!mayRead) return <Text c="dimmed">Courses of action are not open to your role.</Text>;
  if (incident.attention !== 'incident' || incident.status === 'closed') {
    return <Text c="dimmed">Courses of action are weighed for open incidents.</Text>;
  }
  return <OpenCourses id={incident.id} />;
}

function OpenCourses({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useAdvice(id);
  if (isPending) return <LoadingState what="the courses of action" />;
  return data === undefined ? <ErrorState error={error} onRetry={refetch} /> : <CourseList advice={data} />;
}
