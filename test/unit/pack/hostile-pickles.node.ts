import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RefusalReason } from '../../../tools/pack/refused-file.ts';
import * as write from '../../support/pickle-writer.ts';
import { expectPickleRefused } from '../../support/hostile-files.ts';

/** Pickles that want to run something or name what they should not: each refused by name, and nothing ran. */

const python = '/usr/bin/python3';
/** With a class where the network's own would be, so that Python gets as far as the attack. */
const loadInPython = `
import pickle, sys, types
package, models = types.ModuleType("torchxrayvision"), types.ModuleType("torchxrayvision.models")
models.DenseNet = type("DenseNet", (), {})
sys.modules.update({package.__name__: package, models.__name__: models})
pickle.load(open(sys.argv[1], "rb"))
`;

describe('a hostile pickle', { concurrency: 1 }, () => {
  let folder: string;
  let marker: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chester-hostile-'));
    marker = join(folder, 'it-ran');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Pickles that leave the marker when Python loads them, and the name by which each is refused. */
  function attacks(): [name: string, pickle: Buffer][] {
    const command = write.text(`touch ${marker}`);
    const system = write.global('os', 'system');
    const call = [write.mark, command, write.tuple, write.reduce];
    const { global, pickle } = write;
    const python2System = write.bytes(global('posix', 'system'), ...call);
    return [
      ['os.system', pickle(system, ...call)],
      ['posix.system', pickle(python2System)],
      ['posix.system', write.bytes(python2System, write.stop)],
      [
        'os.system',
        write.bytes(write.proto(4), write.text('os'), write.text('system'), write.stackGlobal, ...call, write.stop),
      ],
      // Hidden in a state_dict, in a tensor's hooks and in the attributes of a proper module.
      ['os.system', pickle(write.dict({ 'features.conv0.weight': write.bytes(system, ...call) }))],
      ['os.system', pickle(write.torchModule({ attributes: { training: write.bytes(system, ...call) } }))],
      [
        'os.system',
        pickle(
          write.emptyDict,
          write.bytes(global('collections', 'OrderedDict'), write.emptyTuple, write.reduce),
          write.bytes(system, ...call),
          write.build,
        ),
      ],
      [
        'builtins.getattr',
        pickle(
          global('builtins', 'getattr'),
          write.mark,
          write.bytes(global('importlib', 'import_module'), write.mark, write.text('os'), write.tuple, write.reduce),
          write.text('system'),
          write.tuple,
          write.reduce,
          ...call,
        ),
      ],
      [
        'builtins.eval',
        pickle(
          global('builtins', 'eval'),
          write.mark,
          write.text(`open(${JSON.stringify(marker)}, 'w')`),
          write.tuple,
          write.reduce,
        ),
      ],
      // It gives the class its state as the arguments of __init__.
      [
        'copyreg._reconstructor',
        pickle(
          global('copyreg', '_reconstructor'),
          write.mark,
          global('subprocess', 'Popen'),
          global('subprocess', 'Popen'),
          write.list(write.text('touch'), write.text(marker)),
          write.tuple,
          write.reduce,
        ),
      ],
      [
        'subprocess.Popen',
        pickle(
          global('subprocess', 'Popen'),
          write.mark,
          write.list(write.text('touch'), write.text(marker)),
          write.tuple,
          write.reduce,
        ),
      ],
    ];
  }

  test('that would run a command is refused by the name of what would run it, and nothing ran', async () => {
    for (const [name, pickle] of attacks()) await expectPickleRefused(folder, pickle, 'global-refused', name);
    assert.equal(existsSync(marker), false, 'something ran');
  });

  test('is a real one: Python would have run it', async (context) => {
    if (!existsSync(python)) return context.skip('no Python here');
    const path = join(folder, 'attack.pickle');
    for (const [name, pickle] of attacks()) {
      await writeFile(path, pickle);
      spawnSync(python, ['-c', loadInPython, path]);
      // `Popen` does not wait for its child.
      for (let waited = 0; !existsSync(marker) && waited < 50; waited += 1)
        await new Promise((done) => setTimeout(done, 20));
      assert.ok(existsSync(marker), `${name} is no attack`);
      await rm(marker);
    }
    return undefined;
  });

  test('names what no network needs, however it spells it', async () => {
    const names: [module: string, name: string][] = [
      ['builtins', 'exec'],
      ['__builtin__', 'eval'],
      ['__builtin__', 'getattr'],
      ['copy_reg', '_reconstructor'],
      ['nt', 'system'],
      ['collections', 'Counter'],
      ['torch', 'load'],
      ['torch.storage', '_load_from_bytes'],
      ['torch._utils', '_import_dotted_name'],
      ['torch.hub', 'load'],
      ['numpy.core.multiarray', '_reconstruct'],
      // Functions and modules beside the network's classes.
      ['torchxrayvision.models', 'get_weights'],
      ['torchxrayvision.models', 'os'],
      ['torchxrayvision.datasets', 'NIH_Dataset'],
      ['torch.nn.modules.module', '_addindent'],
      ['torch.nn.modulesx', 'Linear'],
      ['torchvision.models.densenet', 'DenseNet'],
      ['__torch__', 'Module'],
      // What JavaScript's own objects have.
      ['constructor', 'prototype'],
      ['Object', '__proto__'],
    ];
    for (const [module, name] of names) {
      await expectPickleRefused(
        folder,
        write.pickle(write.global(module, name)),
        'global-refused',
        `${module}.${name}`,
      );
    }
    // Protocol 4 lets a name hold dots: a way from an allowed module to what it imports.
    const dotted = [write.text('torchxrayvision.models'), write.text('os.system'), write.stackGlobal];
    await expectPickleRefused(
      folder,
      write.bytes(write.proto(4), ...dotted, write.stop),
      'global-refused',
      'torchxrayvision.models.os.system',
    );
    await expectPickleRefused(
      folder,
      write.pickle(write.global('os; import os', 'system')),
      'malformed',
      'no Python name',
    );
  });

  test('that calls what may only be named is refused', async () => {
    const { global, pickle, text } = write;
    const linear = global('torch.nn.modules.linear', 'Linear');
    const cases: [pickle: Buffer, reason: RefusalReason, sentence: string][] = [
      [pickle(linear, write.emptyTuple, write.reduce), 'operation-refused', 'torch.nn.modules.linear.Linear called'],
      [pickle(global('torch', 'FloatStorage'), write.emptyTuple, write.reduce), 'operation-refused', 'FloatStorage'],
      [pickle(text('x'), write.emptyTuple, write.reduce), 'operation-refused', 'a string'],
      [pickle(linear, write.none, write.newObject), 'malformed', 'Linear arguments'],
      [pickle(linear, text('x'), write.tuple1, write.newObject), 'malformed', 'Linear arguments'],
      [
        pickle(global('collections', 'OrderedDict'), write.emptyTuple, write.newObject),
        'operation-refused',
        'collections.OrderedDict',
      ],
      [pickle(write.emptyTuple, write.emptyDict, write.build), 'malformed', 'a tuple'],
      [pickle(linear, write.emptyDict, write.build), 'malformed', 'Linear'],
      [pickle(text('storage'), write.persistentId), 'operation-refused', 'persistent id'],
      [
        pickle(text('module'), global('torch', 'Size'), write.tuple2, write.persistentId),
        'operation-refused',
        'persistent id',
      ],
      [pickle(Buffer.from("(S'touch'\nios\nsystem\n")), 'operation-refused', 'STRING'],
      [pickle(write.mark, text('touch'), Buffer.from('ios\nsystem\n')), 'operation-refused', 'INST'],
      [pickle(write.mark, linear, Buffer.from('o')), 'operation-refused', 'OBJ'],
      [pickle(linear, write.emptyTuple, write.emptyDict, [0x92]), 'operation-refused', 'NEWOBJ_EX'],
      [pickle([0x82, 1]), 'operation-refused', 'EXT1'],
      [pickle([0xff]), 'operation-refused', '0xff'],
      [write.bytes(write.proto(5), write.none, write.stop), 'unsupported', 'protocol 5'],
    ];
    for (const [bytes, reason, sentence] of cases) await expectPickleRefused(folder, bytes, reason, sentence);
  });
});
