import { FileDrop } from '../../components/file-drop.tsx';

const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** A rule file or archive, dropped or chosen. */
export function RuleFileDrop({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  return (
    <FileDrop
      label="Rule file or archive"
      invitation="Drop a rule file or archive here, or press Enter to choose one"
      hint=".rules or .tar.gz, up to 64 MB. Nothing is in force before you have seen what it brings."
      onFiles={([file]) => file !== undefined && onFile(file)}
      maxFiles={1}
      maxSize={MAXIMUM_BYTES}
      loading={isBusy}
    />
  );
}
