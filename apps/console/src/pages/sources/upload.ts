import { ApiError } from '../../api/request.ts';
import type { Source } from './queries.ts';

/**
 * Sends a capture file as it is. XMLHttpRequest, because fetch cannot say how much of a body has been sent.
 *
 * @param onProgress share that has been sent, 0 to 1
 * @throws ApiError with what the API answers, or that the connection broke
 */
export function uploadCapture(file: File, onProgress: (fraction: number) => void): Promise<Source> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', `/api/v1/sources/upload?name=${encodeURIComponent(file.name)}`);
    // Proves that the console sent it, as api/request.ts does.
    call.setRequestHeader('x-sphinx-request', '1');
    call.setRequestHeader('content-type', 'application/octet-stream');
    call.responseType = 'json';
    call.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    call.onerror = () =>
      reject(new ApiError(0, { detail: 'The connection broke while the file was sent. Try again.' }));
    call.onload = () => {
      if (call.status >= 200 && call.status < 300) resolve(call.response);
      else reject(new ApiError(call.status, call.response ?? {}));
    };
    call.send(file);
  });
}
