/** Addresses within the page: `#/…`, so that any static host and any folder will do. */

export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'result'; readonly id: string }
  | { readonly screen: 'camera' }
  | { readonly screen: 'help' }
  | { readonly screen: 'about' }
  | { readonly screen: 'models' }
  | { readonly screen: 'storage' };

/** What is no address of ours is home. */
export function parseRoute(hash: string): Route {
  const [screen, id] = hash.replace(/^#\/?/, '').split('/');
  switch (screen) {
    case 'result':
      return id === undefined || id === '' ? { screen: 'home' } : { screen: 'result', id: decodeId(id) };
    case 'camera':
    case 'help':
    case 'about':
    case 'models':
    case 'storage':
      return { screen };
    default:
      return { screen: 'home' };
  }
}

export function resultHash(id: string): string {
  return `#/result/${encodeURIComponent(id)}`;
}

export const homeHash = '#/';
export const cameraHash = '#/camera';
export const modelsHash = '#/models';

function decodeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
