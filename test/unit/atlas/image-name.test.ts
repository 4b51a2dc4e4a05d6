import { describe, expect, it } from 'vitest';
import { alikeButForCase, imageName } from '../../../scripting/atlas/index.ts';

describe('the name of an image', () => {
  it.each([
    ['ball.png', 'ball.png', 1],
    ['ball@2x.png', 'ball.png', 2],
    ['hero/run-1.png', 'hero/run-1.png', 1],
    ['hero@2x/run@2x.png', 'hero@2x/run.png', 2],
    ['ball@3x.png', 'ball@3x.png', 1],
    ['ball@2x@2x.png', 'ball@2x.png', 2],
    ['@2x.png', '@2x.png', 1],
    ['a.b.png', 'a.b.png', 1],
    ['e\u0301.png', '\u00e9.png', 1],
  ])('of the file %s is %s', (path, name, scale) => {
    expect(imageName(path)).toEqual({ name, scale });
  });

  it.each(['ball.PNG', 'ball.jpg', 'png', '.png', 'hero/.png'])('there is none for %s', (path) => {
    expect(imageName(path)).toBeUndefined();
  });

  it('differs in more than the case of its letters from every other', () => {
    expect(
      alikeButForCase(['b.png', 'A.png', 'a.png', 'A.png', 'c/D.png', 'c/d.png', 'É.png', 'é.png']),
    ).toEqual([
      ['A.png', 'a.png'],
      ['c/D.png', 'c/d.png'],
      ['É.png', 'é.png'],
    ]);
  });
});
