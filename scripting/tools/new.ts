/** `sluice new FOLDER`: a project of one's own, as `demos/template` is. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, OK } from './command.ts';
import { readArguments, UsageError } from './options.ts';

const TEMPLATE = fileURLToPath(new URL('../../demos/template', import.meta.url));

/** What npm allows as the name of a package without a scope. */
const PACKAGE_NAME = /^[a-z0-9][a-z0-9._-]{0,213}$/;

export const newCommand: Command = {
  summary: 'makes a project: a game that plays, to go on from',
  help: `Usage: sluice new FOLDER [--package WHAT]

Makes a folder with a small game: its script, its page, an image, and what Vite and TypeScript need to know. The folder must
not be there, or be empty; its name becomes the project's.

  --package WHAT  what the project depends on as \`sluice\`: a range of versions, a tarball or a folder (default: this version)

Then, in the folder: \`npm install\`, and \`npm start\`.
`,

  async run(args, streams) {
    const { positionals, values } = readArguments('new', args, { package: 'value' });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0)
      throw new UsageError('`sluice new` takes one folder: `sluice new my-game`');
    const name = basename(resolve(folder)).toLowerCase().replaceAll(' ', '-');
    if (!PACKAGE_NAME.test(name))
      throw new UsageError(
        `\`${name}\` is no name for a package: letters from a to z, digits, \`-\`, \`_\` and \`.\`, with no \`.\`, \`-\` or \`_\` first`,
      );
    if (existsSync(folder) && (await entriesOf(folder)).length > 0)
      throw new UsageError(`${folder} is there already, and is not empty`);
    await mkdir(folder, { recursive: true });
    await cp(TEMPLATE, folder, { recursive: true });
    // npm leaves files called .gitignore out of packages, so it has another name in ours.
    const ignored = join(folder, 'gitignore');
    if (existsSync(ignored)) await rename(ignored, join(folder, '.gitignore'));
    await writePackage(join(folder, 'package.json'), name, values.get('package'));
    streams.out(`${folder} is made. Go on with:\n\n  cd ${quoted(folder)}\n  npm install\n  npm start\n`);
    return OK;
  },
};

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new UsageError(`${folder} cannot be made into a project: ${(error as Error).message}`);
  }
}

const quoted = (folder: string): string => (/^[\w./-]+$/.test(folder) ? folder : JSON.stringify(folder));

type Versions = Readonly<Record<string, string>>;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies?: Versions;
  readonly devDependencies?: Versions;
}

/** The template names what it depends on; which versions is for this package to say. */
async function writePackage(file: string, name: string, own: string | undefined): Promise<void> {
  const { version, peerDependencies, devDependencies } = await ownPackage();
  const known: Versions = { ...devDependencies, ...peerDependencies, sluice: own ?? `^${version}` };
  const template = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const versioned = (list: unknown): Versions =>
    Object.fromEntries(Object.keys(list as Versions).map((key) => [key, known[key] ?? '*']));
  const made = {
    ...template,
    name,
    dependencies: versioned(template.dependencies),
    devDependencies: versioned(template.devDependencies),
  };
  await writeFile(file, `${JSON.stringify(made, undefined, 2)}\n`);
}

/** The package.json of which this file is a part: the nearest one of this name. */
async function ownPackage(): Promise<Package> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    const found = text === undefined ? undefined : (JSON.parse(text) as Package);
    if (found?.name === 'sluice') return found;
    if (dirname(folder) === folder) throw new Error('the package that this command belongs to is not there');
  }
}
