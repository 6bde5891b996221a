import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { downloadFile } from '../../components/csv.ts';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { incidentName } from '../incidents/incident-words.tsx';
import { type IncidentDetail, pathOf } from '../incidents/queries.ts';

interface Draft {
  readonly id: string;
  readonly duty: string;
  readonly title: string;
  readonly recipient: string;
  readonly applies: string;
  readonly article: string;
  readonly url: string;
  readonly dueAt: number;
  readonly isOverdue: boolean;
  readonly fields: readonly { readonly title: string; readonly text: string; readonly isOpen: boolean }[];
}

/** What must authorities be told, by when, and what do we know of it? */
export function DraftsView({ incident }: { incident: IncidentDetail }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['incidents', 'drafts', incident.id],
    queryFn: ({ signal }) =>
      request<{ readonly items: readonly Draft[] }>('GET', `${pathOf(incident.id)}/authority-drafts`, { signal }),
  });
  if (data === undefined)
    return error === null ? <LoadingState what="the drafts" /> : <ErrorState error={error} onRetry={refetch} />;
  return (
    <Stack gap="md">
      <Text size="sm">
        Whether a duty applies, and what is sent, a person decides. Deadlines count from the moment the incident was
        opened.
      </Text>
      {data.items.map((draft) => (
        <Section key={draft.id} title={`${draft.duty}: ${draft.title}`}>
          <Group gap="sm" mb="xs">
            <Badge color={draft.isOverdue ? 'red.9' : 'gray.7'} tt="none">
              {draft.isOverdue ? 'was due' : 'due'} {formatTime(draft.dueAt)}
            </Badge>
            <Anchor href={draft.url} size="sm" target="_blank" rel="noreferrer">
              {draft.article}
            </Anchor>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Text of ${draft.duty}, ${draft.title}`}
              onClick={() => save(incident, draft)}
            >
              Text
            </Button>
          </Group>
          <Text size="sm" c="dimmed" mb="xs">
            To: {draft.recipient}. {draft.applies}
          </Text>
          <FactTable label={`${draft.duty}, ${draft.title}`}>
            {draft.fields.map(({ title, text, isOpen }) => (
              <Fact key={title} title={title}>
                <Text size="sm" {...(isOpen ? { c: 'dimmed' } : {})} style={{ whiteSpace: 'pre-wrap' }}>
                  {text}
                </Text>
              </Fact>
            ))}
          </FactTable>
        </Section>
      ))}
    </Stack>
  );
}

function save(incident: IncidentDetail, draft: Draft): void {
  const text = [
    `DRAFT. ${draft.duty}: ${draft.title} (${draft.article})`,
    `To: ${draft.recipient}`,
    `Due: ${new Date(draft.dueAt).toISOString()}`,
    ...draft.fields.flatMap(({ title, text: content }) => ['', title, content]),
  ].join('\n');
  downloadFile(`${incidentName(incident)}-${draft.id}.txt`, new Blob([text], { type: 'text/plain' }));
}
