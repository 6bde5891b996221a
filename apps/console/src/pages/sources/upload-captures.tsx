import { Card, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { uploadFile } from '../../api/upload.ts';
import { FileDrop } from '../../components/file-drop.tsx';
import { UploadRows, useUploads } from '../../components/upload-rows.tsx';

/** Capture files dropped on the page go to the server, are read there and deleted right after. */
export function UploadCaptures() {
  const client = useQueryClient();
  const uploads = useUploads(async (file, onProgress) => {
    await uploadFile('/sources/upload', { name: file.name }, file, onProgress);
    await client.invalidateQueries({ queryKey: ['sources'] });
  });
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Drop a capture file
      </Title>
      <FileDrop
        label="Capture files"
        invitation="Drop captures (pcap, pcapng), Suricata EVE, Zeek logs, IPFIX or cloud flow logs here, also gzipped, or press Enter to choose them"
        hint="Captures may hold patient data: SPHINX reads device and transaction facts only and deletes the file once it is read."
        onFiles={(files) => {
          for (const file of files) void uploads.send(file);
        }}
      />
      <UploadRows uploads={uploads} sent="sent, now being read" />
    </Card>
  );
}
