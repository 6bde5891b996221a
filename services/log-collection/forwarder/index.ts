export { Forwarder } from './forwarder.ts';
export { openReceiver } from './receiver.ts';
