const lines = 780

/** 52 KB for people, as the hub answers who asks too often. */
export const tooManyRequests = `<!DOCTYPE html>
<html><head><title>429</title></head><body><h1>429</h1><p>We had to rate limit your IP.</p>
${Array.from({ length: lines }, (_, line) => `<script>/* part ${String(line).padStart(4, '0')} of the page's own code and styles */</script>`).join('\n')}
</body></html>
`
