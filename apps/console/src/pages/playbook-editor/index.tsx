import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { request } from '../../api/request.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { usePlaybook } from '../playbooks/queries.ts';
import { copyOf, type Draft, emptyDraft, newUuid } from './draft.ts';
import { Editor } from './editor.tsx';

/** In the address instead of an id: a playbook from nothing. */
const NEW = 'new';

/** How should it be done here? */
export default function PlaybookEditorPage() {
  const { id = NEW } = useParams();
  return id === NEW ? <Editor start={emptyDraft(new Date().toISOString(), newUuid)} note="" /> : <Known id={id} />;
}

function Known({ id }: { id: string }) {
  const playbook = usePlaybook(id);
  const whole = useQuery({
    queryKey: ['playbook-draft', id],
    queryFn: ({ signal }) => request<Draft>('GET', `/playbooks/${encodeURIComponent(id)}/export`, { signal }),
    // What is being edited is not exchanged for what somebody else saved.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const error = playbook.error ?? whole.error;
  if (error !== null) return <ErrorState error={error} onRetry={whole.refetch} />;
  if (playbook.data === undefined || whole.data === undefined) return <LoadingState what="the playbook" />;
  if (playbook.data.origin === 'hospital') return <Editor key={id} start={whole.data} note="" />;
  return (
    <Editor
      key={id}
      start={copyOf(whole.data, new Date().toISOString(), newUuid)}
      note="SPHINX brings this playbook: a copy of it is edited, and the one that SPHINX brings stays as it is."
    />
  );
}
