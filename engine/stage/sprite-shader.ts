/**
 * Draws one sprite an instance: `aSides` are the two sides of its rectangle, `aCorner` its left top, `aNear` and `aFar` the corners of
 * its picture in the page, which is one of as many as a fragment shader has textures for at least.
 */

/** Pages that are sampled at once: WebGL 2 has 16 units, and leaves some for filters. */
export const PAGES_AT_ONCE = 8;

const slots = Array.from({ length: PAGES_AT_ONCE }, (_, slot) => slot);

const vertex = `#version 300 es
in vec2 aPosition;
in vec4 aSides;
in vec2 aCorner;
in vec2 aNear;
in vec2 aFar;
in vec4 aTint;
in float aPage;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
uniform vec4 uWorldColorAlpha;
uniform vec4 uColor;
out vec2 vUv;
out vec4 vTint;
flat out int vPage;

void main() {
  mat3 view = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix;
  vec2 local = aCorner + aPosition.x * aSides.xy + aPosition.y * aSides.zw;
  gl_Position = vec4((view * vec3(local, 1.0)).xy, 0.0, 1.0);
  vUv = mix(aNear, aFar, aPosition);
  // PixiJS's colours have their alpha in them already.
  vTint = vec4(aTint.rgb * aTint.a, aTint.a) * uColor * uWorldColorAlpha;
  vPage = int(aPage);
}
`;

/** Textures cannot be chosen by a number that differs from one fragment to the next, so each has a branch of its own. */
const fragment = `#version 300 es
precision mediump float;
in vec2 vUv;
in vec4 vTint;
flat in int vPage;
${slots.map((slot) => `uniform sampler2D uPage${slot};`).join('\n')}
out vec4 finalColor;

void main() {
  vec4 color;
  ${slots.map((slot) => `if (vPage == ${slot}) color = texture(uPage${slot}, vUv);`).join('\n  else ')}
  finalColor = color * vTint;
}
`;

export const SPRITE_SHADER = { vertex, fragment, name: 'sluice-sprites' };
