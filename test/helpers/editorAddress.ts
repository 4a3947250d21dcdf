import type { EditorServer } from './editorServer';
import { uriPath } from './extensionHost';

/** The address at which the server shows a folder in a window. */
export function editorAddress({ url, token }: EditorServer, folder: string): string {
  const query = new URLSearchParams({ ...(token !== undefined && { tkn: token }), folder: uriPath(folder) });
  return `${url}?${query.toString()}`;
}
