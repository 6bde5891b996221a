import { ApiError, apiUrl, type RequestOptions } from './request.ts';

/**
 * Sends a file as it is. XMLHttpRequest, because fetch cannot say how much of a body has been sent.
 *
 * @param path below `/api/v1`
 * @param onProgress share that has been sent, 0 to 1
 * @throws ApiError with what the API answers, or that the connection broke
 */
export function uploadFile<Answer>(
  path: string,
  query: RequestOptions['query'],
  file: File,
  onProgress: (fraction: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', apiUrl(path, query));
    // Proves that the console sent it, as request.ts does.
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
