import { expect } from '@open-wc/testing';
import { withCallback } from '../../../src/app/with-callback.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { rejection } from '../../support/rejection.ts';

describe('withCallback', () => {
  it('passes calls on while the call lasts, and answers late ones itself', async () => {
    const heard: number[] = [];
    const hear = (value: number): boolean => {
      heard.push(value);
      return true;
    };
    let late: ((value: number) => boolean) | undefined;
    const answer = await withCallback(hear, false, (remote) => {
      late = remote;
      return Promise.resolve(remote(1));
    });
    expect(answer).to.equal(true);
    expect(late?.(2)).to.equal(false);
    expect(heard).to.deep.equal([1]);
  });

  it('lets go of the callback where the call fails', async () => {
    let late: (() => string) | undefined;
    const failed = withCallback(
      () => 'heard',
      'ended',
      (remote) => {
        late = remote;
        return Promise.reject(new AppError('decode-crashed'));
      },
    );
    expect((await rejection(failed)).code).to.equal('decode-crashed');
    expect(late?.()).to.equal('ended');
  });
});
