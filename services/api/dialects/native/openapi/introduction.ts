// What stands above the operations on the document's page: Markdown.
export const INTRODUCTION = `
Gets a message through: tries a person's channels in order (WhatsApp, Viber, RCS, SMS), moves on when
one fails or stays silent, stops at the first success, and can always say what happened and why.

**Try it.** Press *Authorize*: on the embedded product \`demo-key\` is good for messages, batches and
rehearsals, and \`demo-admin-key\` for the settings of accounts. Then open *Send a message*,
*Execute*, and ask for its story with the \`messageId\` of the answer. Carriers are simulated
there: nobody gets anything.

**Keys** are sent as \`Authorization: Bearer <key>\`. A key has scopes: \`send\`, \`read\` (whatever
only looks, and rehearsals) and \`admin\` (settings).

**Errors** are \`application/problem+json\` (RFC 9457): \`code\` is for programs and never changes its
meaning, \`detail\` says what to do. 503 means that nothing is known to be wrong with the request: send
it again after \`Retry-After\` seconds, with an \`Idempotency-Key\`.

**Once only.** With an \`Idempotency-Key\` the same request is the same message, for 24 hours, however
often it is sent. Without one, a request that timed out may have been accepted.

**Changes of settings** say which version they mean: \`If-Match\` with the \`ETag\` of what was read, or
\`*\` for any. \`If-None-Match: *\` only makes what is not there yet.
`;
