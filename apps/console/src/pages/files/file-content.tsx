import { Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { ApiError, apiUrl } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { downloadFile } from '../../components/csv.ts';
import { formatBytes } from '../../components/format.ts';
import { formatTime } from '../../components/time-text.tsx';
import { type FileDetail, type FilePolicy, useFilePolicy } from './queries.ts';

/** Whether the content is kept and until when, and the way to it for whoever may take it. */
export function FileContent({ file }: { file: FileDetail }) {
  const mayDownload = useMay('files:download');
  const policy = useFilePolicy().data;
  const { kept } = file;
  if (kept === null) {
    return (
      <Text size="sm" c="dimmed">
        {notKeptText(file, policy)}
      </Text>
    );
  }
  return (
    <>
      <Text size="sm">
        Kept encrypted since {formatTime(kept.keptAt)}, until {formatTime(kept.until)} at the latest
        {kept.bytes < file.size && `; the first ${formatBytes(kept.bytes)} of it`}.
      </Text>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {mayDownload
            ? 'That it was taken is recorded in the audit trail.'
            : 'Administrators and security officers may download it.'}
        </Text>
        {mayDownload && (
          <ConfirmButton
            size="xs"
            flex="none"
            leftSection={<IconDownload size={14} aria-hidden />}
            question="Download what may be malware?"
            consequence={
              'It comes as it crossed the network, under a name that nothing starts by itself. Open it only on a machine ' +
              'that is meant for it, away from the hospital’s network. The download is recorded with your name.'
            }
            confirmLabel="Download"
            onConfirm={() => download(file.file_id)}
          >
            Download content
          </ConfirmButton>
        )}
      </Group>
    </>
  );
}

function notKeptText({ is_clinical: isClinical, matches }: FileDetail, policy: FilePolicy | undefined): string {
  if (isClinical) return 'It is not kept: clinical content never is.';
  if (policy?.keptFiles === 'none') return 'It is not kept: the settings say that no file is.';
  if (matches.length > 0) return 'It is not kept, or not any more: its time was over, or newer files needed the room.';
  return 'It is not kept: only what policy names is, such as files that match a rule.';
}

async function download(id: string): Promise<void> {
  const response = await fetch(apiUrl(`/files/${encodeURIComponent(id)}/content`));
  if (!response.ok) throw new ApiError(response.status, await response.json());
  downloadFile(`${id}.bin`, await response.blob());
}
