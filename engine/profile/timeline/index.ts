export { Timeline, type TimelineGame, type TimelineOptions } from './timeline.ts';
