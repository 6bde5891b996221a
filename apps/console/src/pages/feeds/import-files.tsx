import { Card, Title } from '@mantine/core';
import { FileDrop } from '../../components/file-drop.tsx';
import { UploadRows, useUploads } from '../../components/upload-rows.tsx';
import { importFile } from './queries.ts';

/** Files of feeds, and bundles, for whoever has no internet. @param onStart told the job that reads a file */
export function ImportFiles({ onStart }: { onStart: (job: string) => void }) {
  const uploads = useUploads(async (file, onProgress) => {
    const { job } = await importFile(file, onProgress);
    onStart(job);
  });
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Bring a file
      </Title>
      <FileDrop
        label="Files of feeds"
        invitation="Drop a bundle, or files as publishers give them (CVE, NVD, CSAF, OSV, KEV, EPSS, VEX, SBOM), also zipped, or press Enter to choose them"
        hint="Which feed a file belongs to is told by its content. One that cannot be read changes nothing, and says where it is bad."
        onFiles={(files) => {
          for (const file of files) void uploads.send(file);
        }}
      />
      <UploadRows uploads={uploads} />
    </Card>
  );
}
