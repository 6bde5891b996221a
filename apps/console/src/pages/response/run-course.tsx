import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { planRun, useResponseChange } from './queries.ts';

/** Plans a course of action as a run, and goes to the plan: nothing happens before somebody begins it there. */
export function RunCourse(props: {
  course: {
    readonly title: string;
    readonly playbook: string | null;
    readonly variables: readonly { readonly name: string; readonly value: string | null }[];
  };
  subject: string;
}) {
  const { course, subject } = props;
  const may = useMay('response:run');
  const navigate = useNavigate();
  const plan = useResponseChange(planRun);
  if (!may) return null;
  const variables = Object.fromEntries(
    course.variables.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])),
  );
  return (
    <>
      <Button
        variant="light"
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={plan.isPending}
        aria-label={`Run this course: ${course.title}`}
        onClick={() =>
          plan.mutate(
            { playbook: course.playbook, subject, variables },
            { onSuccess: ({ name }) => navigate(`/response/${encodeURIComponent(name)}`) },
          )
        }
      >
        Run this course
      </Button>
      <ErrorText error={plan.error} />
    </>
  );
}
