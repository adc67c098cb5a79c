import { defineConfig } from 'vite'

// Built against the packages' dist, as an app outside this repository would be: no flags, no aliases, no plugins.
export default defineConfig({
  base: './',
  build: { target: 'es2022', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 8_000 },
})
