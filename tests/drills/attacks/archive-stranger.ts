import { PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';
import { tool } from './talk.ts';

/** Somebody whom nobody knows lists the patients of the image archive, and takes studies. */
export const archiveStranger: Drill = {
  id: 'archive-stranger',
  title: 'A stranger lists and takes studies of the image archive',
  useCase: '10 Taking control of connected devices',
  from: PLACES.stranger,
  targets: [PLACES.archive],
  mustDetect: /DICOM/i,
  playbooks: [/image archive/, /unknown device/, /^Isolate/, /^Micro/],
  steps: 60,
  everyMs: 400,
  async step(number) {
    const archive = [PLACES.archive.ip, '4242'];
    const common = ['-aec', 'ARCHIVE', '-to', '2'];
    const keys = [
      '-k',
      'QueryRetrieveLevel=PATIENT',
      '-k',
      `PatientName=${String.fromCharCode(65 + (number % 26))}*`,
      '-k',
      'PatientID',
    ];
    const listed = await tool('findscu', ['-P', ...common, ...keys, ...archive]);
    const taken = await tool('getscu', [
      '-S',
      ...common,
      '-od',
      '/run',
      '-k',
      'QueryRetrieveLevel=STUDY',
      '-k',
      'StudyInstanceUID=1.2.826.0.1.3680043.8.498.2',
      ...archive,
    ]);
    return listed.code === 0 || taken.code === 0;
  },
};
