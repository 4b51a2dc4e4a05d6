/** The macro stage: forms -> forms in which no macro call is left. */
export { expand } from './expand.ts';
