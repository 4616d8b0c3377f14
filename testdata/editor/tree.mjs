// Writes a repository of so many files into a folder: `node tree.mjs FOLDER FILES [SHARE]`. One file of SHARE (80) uses
// Unleash: four of five read a setting, the fifth is a Compose file with a made-up token; the rest is code of many languages.
// The same numbers give the same tree.
import { mkdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';

let seed = 7;
const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
const hex = () => Array.from({ length: 56 }, () => random(16).toString(16)).join('');
export const token = (environment = 'production') => `default:${environment}.${hex()}`;

const words = 'order cart price user page list item state view model route query cache batch event'.split(' ');
const word = () => words[random(words.length)];
const body = {
  ts: (n) => `import { ${word()} } from './${word()}${n}';\n\nexport function ${word()}${n}(a: number): number {\n  return a * ${random(99)};\n}\n`,
  go: (n) => `package ${word()}\n\n// ${word()} is a ${word()}.\nfunc ${word()}${n}(a int) int { return a * ${random(99)} }\n`,
  py: (n) => `import ${word()}\n\n\ndef ${word()}_${n}(a):\n    return a * ${random(99)}\n`,
  java: (n) => `package com.example.${word()};\n\nclass C${n} {\n  int ${word()}(int a) { return a * ${random(99)}; }\n}\n`,
  yaml: (n) => `name: ${word()}${n}\nreplicas: ${random(9)}\nenv:\n  - name: ${word().toUpperCase()}\n    value: "${random(99)}"\n`,
  md: (n) => `# ${word()} ${n}\n\n${Array.from({ length: 60 }, word).join(' ')}\n`,
};
const unleash = {
  ts: () => `import { initialize } from 'unleash-client';\n\nexport const unleash = initialize({\n  url: process.env.UNLEASH_URL,\n  appName: '${word()}',\n  customHeaders: { Authorization: process.env.UNLEASH_API_TOKEN },\n});\n`,
  go: () => `package flags\n\nimport (\n\t"os"\n\n\t"github.com/Unleash/unleash-client-go/v4"\n)\n\nfunc Start() error {\n\treturn unleash.Initialize(unleash.WithAppName("${word()}"), unleash.WithCustomHeaders(map[string][]string{"Authorization": {os.Getenv("UNLEASH_API_TOKEN")}}))\n}\n`,
  yaml: () => `services:\n  web:\n    image: ${word()}\n    environment:\n      UNLEASH_API_TOKEN: ${token()}\n`,
};

export function grow(folder, files, share = 80) {
  const kinds = Object.keys(body);
  for (let n = 0; n < files; n++) {
    const kind = kinds[random(kinds.length)];
    const dir = path.join(folder, `pkg${n % 50}`, word());
    mkdirSync(dir, { recursive: true });
    const about = n % share !== 0 ? '' : n % (5 * share) === 0 ? 'yaml' : ['ts', 'go'][random(2)];
    const text = about ? unleash[about]() : body[kind](n) + `${kind === 'py' || kind === 'yaml' ? '#' : kind === 'md' ? '' : '//'} ${Array.from({ length: 80 }, word).join(' ')}\n`;
    writeFileSync(path.join(dir, `${word()}${n}.${about || kind}`), text);
  }
  execFileSync('git', ['init', '-q', folder]);
  execFileSync('git', ['-C', folder, 'add', '-A']);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  grow(process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 80));
}
