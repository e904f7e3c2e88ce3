/** Entry of the page: wires the app to its screens. */

import { createApp } from './app/create-app.ts';
import './ui/chester-app.ts';

const screens = document.querySelector('chester-app');
if (screens !== null) screens.app = createApp();
