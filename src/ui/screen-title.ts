import { msg } from '@lit/localize';
import type { Route } from './router.ts';

/** What the window's tab says. */
export function screenTitle(route: Route): string {
  switch (route.screen) {
    case 'home':
      return 'Chester';
    case 'result':
      return `${msg('Result')} · Chester`;
    case 'camera':
      return `${msg('Photograph a film')} · Chester`;
    case 'help':
      return `${msg('Help')} · Chester`;
    case 'about':
      return `${msg('About')} · Chester`;
    case 'models':
      return `${msg('Models')} · Chester`;
    case 'storage':
      return `${msg('Storage')} · Chester`;
  }
}
