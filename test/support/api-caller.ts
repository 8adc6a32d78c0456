// An operator of the API, over HTTP: any method, any answer.

export type ApiCall = {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Where another api listens than the usual one. */
  at?: string;
};

/** Calls paths of the api at `baseUrl()`, with the public admin key unless told otherwise. */
export function apiCaller(baseUrl: () => string) {
  return async (method: string, path: string, options: ApiCall = {}) => {
    const { key = "demo-admin-key", body, headers = {}, at = baseUrl() } = options;
    const answer = await fetch(at + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const etag = answer.headers.get("etag") ?? "";
    return { status: answer.status, etag, text, body: text === "" ? null : JSON.parse(text) };
  };
}
