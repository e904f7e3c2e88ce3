import assert from 'node:assert/strict';
import { RefusedFileError, type RefusalReason } from '../../tools/pack/refused-file.ts';

/** For `assert.throws` and `assert.rejects`: refused for this reason, in words that hold `sentence`, whatever its case. */
export function refusal(reason: RefusalReason, sentence = ''): (thrown: unknown) => true {
  return (thrown) => {
    assert.ok(thrown instanceof RefusedFileError, String(thrown));
    assert.equal(thrown.reason, reason, thrown.message);
    const said = thrown.message.toLowerCase().includes(sentence.toLowerCase());
    assert.ok(said, `${thrown.message} does not say ${sentence}`);
    return true;
  };
}
