export { version } from '@sampan/bench/package.json'
