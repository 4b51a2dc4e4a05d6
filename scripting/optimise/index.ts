export { optimise } from './optimise.ts';
