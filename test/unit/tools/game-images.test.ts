/** The images of a game on the command line: beside the script, or where `--images` says. */
import { encode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { GameImages, imageNames } from '../../../scripting/tools/game-images.ts';
import { readArguments } from '../../../scripting/tools/options.ts';
import { drawing } from './atlas/image-folder.ts';
import { Workshop } from './command.ts';

const workshop = new Workshop();
const png = encode({ width: 4, height: 6, data: drawing(4, 6, 1) });

beforeAll(() => {
  workshop.write(
    'whole/whole.slu',
    '(defn main () : Unit (println "played"))\n(pub defn frame ((dt : f64)) : Unit)\n',
  );
  workshop.write('whole/images/ball.png', png);
  workshop.write(
    'torn/torn.slu',
    '(deftest "adds" (check (= 2 (+ 1 1))))\n(defn main () : Unit (println "played"))\n',
  );
  workshop.write('torn/other.slu', '(deftest "adds too" (check (= 3 (+ 1 2))))\n');
  workshop.write('torn/images/ball.png', png);
  workshop.write('torn/images/hero.png', 'no image');
  workshop.write('whole/images/photo.jpg', 'no image of the game');
  workshop.write('bare/bare.slu', '(defn main () : Unit (println "played"))\n');
});

const PROBLEM = 'torn/images/hero.png: error: it is no PNG image\n';

describe('the images of a game', () => {
  it('are those beside the script, with their sizes in units', async () => {
    const images = new GameImages(readArguments('run', [], { images: 'value' }), { out: fail, error: fail });
    const found = await images.of(workshop.path('whole/whole.slu'));
    expect(found?.sizes).toEqual(new Map([['ball.png', { width: 4, height: 6 }]]));
    expect(imageNames(found)).toEqual({ images: new Set(['ball.png']) });
    // Where there is no folder, nobody knows which images there are.
    expect(imageNames(await images.of(workshop.path('bare/bare.slu')))).toEqual({});
  });

  it.each([
    ['run', 'whole/whole.slu'],
    ['play', 'whole', '--frames', '2'],
  ])('are nothing that `sluice %s` speaks of where all is well', async (command, file, ...options) => {
    const { code, error } = await workshop.sluice(command, workshop.path(file), ...options);
    expect([code, error]).toEqual([0, '']);
  });

  it('do not keep a program from running where one is wrong', async () => {
    const torn = workshop.path('torn/torn.slu');
    expect(await workshop.sluice('run', torn)).toEqual({ code: 0, out: 'played\n', error: PROBLEM });
    const tested = await workshop.sluice('test', workshop.path('torn'));
    expect([tested.code, tested.error]).toEqual([0, PROBLEM]);
  });

  it('are among what is wrong for `sluice check`, once', async () => {
    const files = ['torn/torn.slu', 'torn/other.slu', 'whole/whole.slu'].map((file) => workshop.path(file));
    const warning = 'whole/images/photo.jpg: warning: it is left out: images are files `NAME.png`\n';
    expect(await workshop.sluice('check', ...files)).toEqual({
      code: 1,
      out: '',
      error: PROBLEM + warning,
    });
    const whole = await workshop.sluice('check', workshop.path('whole/whole.slu'));
    expect(whole).toEqual({ code: 0, out: '', error: warning });
  });

  it('lie where `--images` says, which must be there', async () => {
    const bare = workshop.path('bare/bare.slu');
    const { code, error } = await workshop.sluice('check', bare, '--images', workshop.path('torn/images'));
    expect([code, error]).toEqual([1, PROBLEM]);
    const lacking = await workshop.sluice('run', bare, '--images', workshop.path('nowhere'));
    expect([lacking.code, lacking.error]).toEqual([1, expect.stringContaining('there is no folder nowhere')]);
  });
});

function fail(text: string): void {
  throw new Error(`it says ${text}`);
}
