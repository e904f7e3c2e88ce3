/**
 * The dependency rule of ARCHITECTURE.md, and the house's style. Zero warnings.
 * A folder belongs to one thread; imports go down, never up; each library has one owner.
 */

import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const folders = {
  ui: './src/ui',
  app: './src/app',
  decoding: './src/decoding',
  inference: './src/inference',
  imaging: './src/imaging',
  storage: './src/storage',
  shared: './src/shared',
  sw: './sw',
};

/** Which folders a folder may import from, besides itself. */
const allowed = {
  ui: ['app', 'imaging', 'storage', 'shared'],
  app: ['imaging', 'storage', 'shared'],
  decoding: ['imaging', 'storage', 'shared'],
  inference: ['imaging', 'storage', 'shared'],
  imaging: ['shared'],
  storage: ['shared'],
  shared: [],
  sw: ['storage', 'shared'],
};

const zones = Object.entries(allowed).map(([folder, others]) => ({
  target: folders[folder],
  from: [
    './tools',
    './test',
    './bench',
    ...Object.keys(folders)
      .filter((other) => other !== folder && !others.includes(other))
      .map((other) => folders[other]),
  ],
  message: `${folder}/ may import only from itself${others.length > 0 ? ` and ${others.join(', ')}` : ''} (ARCHITECTURE.md).`,
}));

/** Library patterns and the only files that may import them. */
const owners = [
  { group: ['@tensorflow/*'], files: ['src/inference/**'] },
  { group: ['idb'], files: ['src/storage/**'] },
  { group: ['lit', 'lit/*', '@lit/*'], files: ['src/ui/**'] },
  { group: ['workbox-window'], files: ['src/app/sw-client.ts'] },
  { group: ['workbox-core', 'workbox-core/*', 'workbox-precaching', 'workbox-routing'], files: ['sw/**'] },
  { group: ['@jsquash/*', 'fast-png', 'dicom-parser', '@cornerstonejs/*'], files: ['src/imaging/**'] },
  { group: ['@cfworker/json-schema'], files: ['src/storage/validate-pack.ts'] },
  {
    group: ['comlink'],
    files: [
      'src/app/worker-client.ts',
      'src/app/with-callback.ts',
      'src/app/decoding-client.ts',
      'src/app/inference-client.ts',
      'src/decoding/decode-worker.ts',
      'src/inference/inference-worker.ts',
    ],
  },
];

function restrictedImports(applies) {
  return [
    'error',
    {
      patterns: owners
        .filter((owner) => !applies(owner))
        .map(({ group, files }) => ({ group, message: `only ${files.join(', ')} may import this (ARCHITECTURE.md).` })),
    },
  ];
}

const ownerRules = owners.map((owner) => ({
  files: owner.files,
  rules: {
    'no-restricted-imports': restrictedImports(
      (other) => other === owner || other.files.some((pattern) => owner.files.includes(pattern)),
    ),
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/ui/locales/', 'docs/', 'coverage/'] },
  // AssemblyScript: its own compiler checks it.
  { ignores: ['src/inference/kernels/assembly/', 'bench/assembly/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'src/tsconfig.json',
          'src/shared/tsconfig.json',
          'src/decoding/tsconfig.json',
          'src/inference/tsconfig.json',
          'sw/tsconfig.json',
          'tools/tsconfig.json',
          'test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ noWarnOnMultipleProjects: true })],
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use an `as const` object: TypeScript is for types only.' },
        { selector: 'TSParameterProperty', message: 'Declare the field: TypeScript is for types only.' },
        { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a module.' },
      ],
      'no-restricted-globals': ['error', { name: 'localStorage', message: 'Lost on a kill; use storage/settings.ts.' }],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts', 'sw/**/*.ts'],
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-restricted-imports': restrictedImports(() => false),
    },
  },
  ...ownerRules,
  {
    files: ['src/ui/**/*.ts'],
    extends: [lit.configs['flat/recommended'], wc.configs['flat/recommended'], litA11y.configs.recommended],
  },
  {
    files: ['test/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-console': 'off',
      'max-lines': 'off',
      // `expect(x).to.be.true` is how chai asserts.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
      'no-restricted-globals': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        WebAssembly: 'readonly',
      },
    },
  },
);
