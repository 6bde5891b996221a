import { loadPipelines } from '@sphinx/rules';

/** Folders of Sigma's pipelines that are in use, and why that of the hospital is not. */
export interface PipelineFolders {
  readonly folders: readonly string[];
  /** In words; empty where all is well. */
  readonly problem: string;
}

/**
 * Adds the hospital's own pipelines, where they can be read, behind those that SPHINX comes with: what they say counts.
 *
 * @param brought folder of SPHINX
 * @param own folder of the hospital; empty where it has none
 */
export async function pipelineFolders(brought: string, own: string): Promise<PipelineFolders> {
  if (own === '') return { folders: [brought], problem: '' };
  try {
    await loadPipelines(own);
    return { folders: [brought, own], problem: '' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { folders: [brought], problem: `The pipelines of ${own} are not in use: ${why}` };
  }
}
