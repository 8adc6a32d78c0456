// How a request goes over the wire: as it should, in chunks, and with lies about its length.

export type Draft = { method: string; target: string; headers: [string, string][]; body: Buffer };

/** As it goes over the wire; a length that is among the headers already stays a lie. */
export function written({ method, target, headers, body }: Draft): Buffer {
  const names = headers.map(([name]) => name.toLowerCase());
  const isFramed = names.includes("content-length") || names.includes("transfer-encoding");
  const frame = isFramed || body.length === 0 ? [] : [["content-length", String(body.length)]];
  const lines = [["host", "127.0.0.1"], ["connection", "close"], ...frame, ...headers];
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map((line) => line.join(": "))];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

export type Framed = {
  name: string;
  bytes: Buffer;
  /** Right or wrong, it can be answered at once. */
  isWhole: boolean;
};
type Framing = Omit<Framed, "bytes"> & { lines: [string, string][]; body: Buffer };

const CHUNKED: [string, string] = ["transfer-encoding", "chunked"];
const LAST = "0\r\n\r\n";

/** The request in every framing. */
export function framings(good: Draft): Framed[] {
  const body = good.body.length > 0 ? good.body : Buffer.from("{}");
  const all = [...chunkings(body), ...lengths(body)].map(({ name, lines, ...framing }) => {
    const headers = [...good.headers, ...lines];
    const bytes = written({ ...good, headers, body: framing.body });
    return { name, bytes, isWhole: framing.isWhole };
  });
  const twice = Buffer.concat([written(good), written(good)]);
  return [...all, { name: "two requests", bytes: twice, isWhole: true }];
}

function chunkings(body: Buffer): Framing[] {
  const middle = Math.ceil(body.length / 2);
  const two = [chunk(body.subarray(0, middle)), chunk(body.subarray(middle))];
  const inChunks = (name: string, parts: (Buffer | string)[], isWhole = true) => {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    return { name, lines: [CHUNKED], body: bytes, isWhole };
  };
  const whole = inChunks("chunked", [...two, LAST]);
  return [
    whole,
    { ...whole, name: "chunks and length", lines: [CHUNKED, ["content-length", "5"]] },
    { ...whole, name: "no such coding", lines: [["transfer-encoding", "gzip"]] },
    inChunks("trailers", [...two, "0\r\nx-more: 1\r\n\r\n"]),
    inChunks("extensions", [`2;x=${"y".repeat(20_000)}\r\n{}\r\n`, LAST]),
    inChunks("no chunk", ["zz\r\n", LAST]),
    inChunks("negative chunk", ["-5\r\nhello\r\n", LAST]),
    inChunks("endless chunk", ["ffffffffffffffffff\r\n"]),
    inChunks("short chunk", ["2\r\n", body, "xx\r\n", LAST]),
    inChunks("large chunk", ["7fffffff\r\n", body], false),
    inChunks("no last chunk", two, false),
  ];
}

function lengths(body: Buffer): Framing[] {
  const { length } = body;
  const saying = (name: string, values: (number | string)[], isWhole = true) => {
    const lines = values.map((value): [string, string] => ["content-length", String(value)]);
    return { name, lines, body, isWhole };
  };
  return [
    saying("too short", [length - 1]),
    saying("no number", ["many"]),
    saying("negative", [-1]),
    saying("signed", [`+${length}`]),
    saying("twice", [length, length]),
    saying("two lengths", [length, length + 1]),
    saying("no end", ["9".repeat(30)]),
    saying("too long", [length + 1], false),
    saying("far too long", [1e9], false),
  ];
}

function chunk(bytes: Buffer): Buffer {
  const size = Buffer.from(`${bytes.length.toString(16)}\r\n`);
  return Buffer.concat([size, bytes, Buffer.from("\r\n")]);
}
