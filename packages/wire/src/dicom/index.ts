// What a DICOM server needs of this room: reading of PDUs, commands and data sets, without the sensor around it.
export { parseAssociateBody } from './association.ts';
export { parseCommandSet } from './command-set.ts';
export { openDataSet, UNDEFINED_LENGTH } from './elements.ts';
export { type PduHandler, PduStream } from './pdu-stream.ts';
export { STORAGE_CLASSES } from './storage-classes.ts';
export { sopClassName } from './uids.ts';
