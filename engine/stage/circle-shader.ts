/** Draws one circle an instance: `aCircle` is x, y, radius and a colour 0xRRGGBB as a number. */

const vertex = `#version 300 es
in vec2 aPosition;
in vec4 aCircle;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
out vec2 vOffset;
flat out float vRadius;
flat out vec3 vColor;

void main() {
  mat3 view = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix;
  vec3 place = view * vec3(aCircle.xy + aPosition * aCircle.z, 1.0);
  gl_Position = vec4(place.xy, 0.0, 1.0);
  vOffset = aPosition * aCircle.z;
  vRadius = aCircle.z;
  float tint = aCircle.w;
  vColor = vec3(floor(tint / 65536.0), floor(mod(tint / 256.0, 256.0)), mod(tint, 256.0)) / 255.0;
}
`;

/**
 * The edge is softened over the last pixel inside the radius, whatever a pixel is worth in the circle's units. The
 * colour falls off a little towards the edge, so that touching circles of one colour stay apart to the eye.
 */
const fragment = `#version 300 es
precision highp float;
in vec2 vOffset;
flat in float vRadius;
flat in vec3 vColor;
out vec4 finalColor;

void main() {
  float distance = length(vOffset);
  float pixel = fwidth(distance);
  float alpha = 1.0 - smoothstep(vRadius - pixel, vRadius, distance);
  float inside = distance / max(vRadius, 0.0001);
  vec3 color = vColor * (1.0 - 0.22 * inside * inside);
  finalColor = vec4(color * alpha, alpha);
}
`;

export const CIRCLE_SHADER = { vertex, fragment, name: 'sluice-circles' };
