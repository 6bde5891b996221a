import { Accordion, Alert, Badge, Group, List, Stack, Text } from '@mantine/core';
import { useMay } from '../../api/session.ts';
import { formatTime } from '../../components/time-text.tsx';
import type { Advice } from '../decisions/queries.ts';
import { CourseView } from './course-view.tsx';

/** Courses of action in their order, the first one open. */
export function CourseList({ advice }: { advice: Advice }) {
  const { courses, verdict, tippings, decision, evidence, searchNote } = advice;
  const mayChoose = useMay('decisions:write');
  return (
    <Stack gap="md">
      <Text fw={500}>{verdict}</Text>
      {decision !== null && (
        <Alert color="green" variant="outline" title={`Chosen: ${decision.courseTitle}`}>
          By {decision.by}, {formatTime(decision.at)}. {decision.reason}
        </Alert>
      )}
      <Accordion variant="separated" defaultValue={courses[0]?.id ?? null}>
        {courses.map((course, index) => (
          <Accordion.Item key={course.id} value={course.id}>
            <Accordion.Control>
              <Group gap="sm" wrap="nowrap">
                <Text fw={600}>{index + 1}</Text>
                <Text style={{ flex: 1 }}>{course.title}</Text>
                {course.measures.length > 0 && (
                  <Badge color="blue.9" variant="outline" tt="none" size="sm" flex="none">
                    found by search
                  </Badge>
                )}
                {course.isPutBack && (
                  <Badge color="red.9" tt="none" size="sm" flex="none">
                    touches life support
                  </Badge>
                )}
                <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
                  {course.points} points
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <CourseView course={course} subject={advice.id} mayChoose={mayChoose} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {searchNote !== '' && (
        <Text size="sm" c="dimmed">
          Search over the model of risk: {searchNote}
        </Text>
      )}
      <div>
        <Text fw={500}>What this rests on</Text>
        <List size="sm">
          {evidence.map((text) => (
            <List.Item key={text}>{text}</List.Item>
          ))}
        </List>
      </div>
      {tippings.length > 0 && (
        <div>
          <Text fw={500}>What would change the order</Text>
          <List size="sm">
            {tippings.map(({ criterion, title, from, to, course }) => (
              <List.Item key={`${criterion} ${course}`}>
                If "{title.toLowerCase()}" counted {to} instead of {from}, "{course}" would be level with the first.
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </Stack>
  );
}
