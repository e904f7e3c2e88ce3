import type { ServiceWorkerBroadcast } from '../src/shared/messages.ts';
import { broadcastChannelPrefix } from '../src/shared/messages.ts';
import { scopeAddress } from './worker-scope.ts';

let channel: BroadcastChannel | undefined;

/** Tells every page of this installation. */
export function broadcast(message: ServiceWorkerBroadcast): void {
  channel ??= new BroadcastChannel(broadcastChannelPrefix + scopeAddress());
  channel.postMessage(message);
}
