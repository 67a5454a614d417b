// SPDX-License-Identifier: LGPL-2.1-or-later
// A real host over a library of pictures that are made up, and a real browser that looks at it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";

const LIMIT = 60000; // ms, for what takes a fraction of a second

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const BROWSER = process.env.CHROMIUM
  ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync) ?? "/usr/bin/chromium";

// null: there is none. Unlike import, require() looks into NODE_PATH.
function find(name) {
  // tests/run installs them into the build folder, which is where the tests are run.
  const places = [import.meta.url, pathToFileURL(join(process.cwd(), "browser", "from"))];
  for (const place of places) {
    try {
      return createRequire(place)(name);
    } catch {
      // Perhaps elsewhere.
    }
  }
  return null;
}

const playwright = find("playwright-core");

export function skip(reason) {
  console.log(`1..0 # SKIP ${reason}`);
  process.exit(0);
}

export function findOrSkip(name) {
  return find(name) ?? skip(`node does not find ${name}; see CONTRIBUTING.md`);
}

// Why nothing can be tested; or "".
const missing = playwright === null
  ? "node does not find playwright-core; see CONTRIBUTING.md"
  : existsSync(BROWSER) ? "" : `there is no ${BROWSER}`;

// ISO 3309, as PNG has it.
function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
  }
  return ~sum >>> 0;
}

// A PNG with transparency: colour(x, y), from 0 to 1, is [red, green, blue, alpha].
export function makePicture(width, height, colour) {
  const rows = Buffer.alloc(height * (1 + 4 * width));
  for (let y = 0, at = 0; y < height; y++) {
    at++; // no filter
    for (let x = 0; x < width; x++) {
      for (const value of colour(x / width, y / height)) {
        rows[at++] = value;
      }
    }
  }
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const size = Buffer.alloc(4), sum = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

export async function waitFor(condition, what) {
  const end = Date.now() + LIMIT;
  while (Date.now() < end) {
    const value = await condition();
    if (value) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It never came true: ${what}`);
}

export class Host {
  constructor(program, files) {
    if (missing) {
      skip(missing);
    }
    this.folder = mkdtempSync(join(tmpdir(), "booru-browser-"));
    this.library = join(this.folder, "pictures");
    mkdirSync(this.library);
    for (const [name, data] of Object.entries(files)) {
      writeFileSync(join(this.library, name), data);
    }
    this.log = join(this.folder, "log");
    this.text = "";
    this.process = spawn(program, ["--bus=none", "--port=0", "--workers=1",
      `--settings=${join(this.folder, "settings")}`, `--data-dir=${join(this.folder, "data")}`,
      this.library], {
      env: { ...process.env, HOME: this.folder, XDG_RUNTIME_DIR: this.folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.ended = new Promise((resolve) => this.process.on("exit", resolve));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on("data", (data) => { this.text += data; });
    }
  }

  async start(nPosts) {
    const [url] = await waitFor(() => /http:\/\/127\.0\.0\.1:\d+/.exec(this.text), this.text);
    this.url = url;
    await waitFor(async () => (await this.ask("/counts/posts.json")).counts.posts === nPosts,
      "posts");
    this.browser = await playwright.chromium.launch({
      executablePath: BROWSER,
      args: ARGUMENTS,
      env: { ...process.env, HOME: this.folder },
    });
  }

  async ask(path, method = "GET", form = undefined) {
    const body = form && new URLSearchParams(form);
    const answer = await fetch(this.url + path, { method, body });
    return answer.status === 204 ? null : answer.json();
  }

  // What a page complains of, scripts and the content security policy included, fails the test.
  async open({ scripts = true, width = 1200, dark = false, forced = false } = {}) {
    const context = await this.browser.newContext({
      baseURL: this.url,
      viewport: { width, height: 844 },
      colorScheme: dark ? "dark" : "light",
      forcedColors: forced ? "active" : "none",
      javaScriptEnabled: scripts,
    });
    const page = await context.newPage();
    this.complaints ??= [];
    page.on("console", (message) => message.type() === "error"
      && !message.text().includes("status of 422") && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
    return page;
  }

  async stop() {
    await this.browser?.close();
    this.process.kill("SIGTERM");
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }
}

export const nav = (page, action) => Promise.all([page.waitForNavigation(), action]);

// Gives a file to the page as a drop or a paste does.
export const give = (page, kind, name, data) => page.evaluate(([kind, name, data]) => {
  const files = new DataTransfer();
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const options = { bubbles: true, cancelable: true };
  files.items.add(new File([bytes], name, { type: "image/png" }));
  document.body.dispatchEvent(kind === "paste"
    ? new ClipboardEvent(kind, { ...options, clipboardData: files })
    : new DragEvent(kind, { ...options, dataTransfer: files }));
}, [kind, name, data.toString("base64")]);

const wave = (x) => 128 + 127 * Math.sin(x);
export const waves = (x, y) => [wave(9 * x + 4 * y), 255 * x * y, wave(7 * y + 1), 255];

// Runs tests, of a host whose library has so many files, and prints TAP.
export async function runTests(host, nPosts, tests, prepare = async () => {}) {
  let failed = 0;
  try {
    await host.start(nPosts);
    await prepare();
    console.log(`1..${Object.keys(tests).length}`);
    for (const [index, [name, test]] of Object.entries(tests).entries()) {
      try {
        await test();
        console.log(`ok ${index + 1} ${name}`);
      } catch (error) {
        failed++;
        console.log(`not ok ${index + 1} ${name}\n${error.stack.replaceAll(/^/gm, "# ")}`);
      }
    }
  } finally {
    await host.stop();
  }
  process.exitCode = failed ? 1 : 0;
}
