import { AppError } from '../shared/app-error.ts';
import type { QueueSource } from './analysis-queue.ts';

/** The built-in example is nobody's X-ray: synthetic, precached, with an effusion drawn in (static/examples/README.md). */
const exampleAddress = 'examples/synthetic-effusion.png';

export const exampleSource: QueueSource = {
  name: 'synthetic-effusion.png',
  synthetic: { drawnFindings: ['Cardiomegaly', 'Effusion'] },
  async load(signal) {
    try {
      const response = await fetch(new URL(exampleAddress, document.baseURI), { signal });
      if (!response.ok) throw new AppError('download-failed', { address: exampleAddress, status: response.status });
      return new File([await response.blob()], 'synthetic-effusion.png', { type: 'image/png' });
    } catch (thrown) {
      throw AppError.from(thrown, 'download-failed', { address: exampleAddress });
    }
  },
};
