// Builds app/web/static/vendor/ from app/web/assets/ and the packages of package.json.
//
//   node app/web/build/assets.mjs
//
// What it writes: app.css, app.rtl.css, govuk-frontend.min.js, and manifest.json with a digest of each, so that a page
// can name the very version that it wants.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import rtlcss from "rtlcss";
import * as sass from "sass";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(web));
const modules = join(root, "node_modules");
const sources = join(web, "assets");
const place = join(web, "static", "vendor");
const making = `${place}.making`;

// What belongs to the British government and not to us, and what would make a page ask another address.
const FORBIDDEN = [/GDS Transport/i, /govuk-crest/i, /@font-face/i, /url\(/i, /assets\/(fonts|images)/i, /\bcrown\b/i];

function styles() {
  const { css } = sass.compile(join(sources, "app.scss"), {
    style: "compressed",
    loadPaths: [modules],
    quietDeps: true,
    fatalDeprecations: ["import"],
  });
  return css;
}

const COPIES = [[join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "govuk-frontend.min.js"]];

async function refuseForbidden() {
  for (const name of await readdir(making)) {
    const text = await readFile(join(making, name), "utf8");
    const found = name.endsWith(".css") ? FORBIDDEN.filter((mark) => mark.test(text)) : [];
    if (found.length || /\.(woff2?|ttf|svg|png|ico)$/.test(name)) {
      throw new Error(`${name} holds what may not be in it: ${found.map(String).join(", ") || "an image or a font"}`);
    }
  }
}

async function manifest() {
  const digests = {};
  for (const name of (await readdir(making)).sort()) {
    const digest = createHash("sha256").update(await readFile(join(making, name)));
    digests[name] = digest.digest("hex").slice(0, 16);
  }
  return JSON.stringify(digests, null, 2) + "\n";
}

await rm(making, { recursive: true, force: true });
await mkdir(making, { recursive: true });
const css = styles();
await writeFile(join(making, "app.css"), css);
await writeFile(join(making, "app.rtl.css"), rtlcss.process(css));
for (const [from, name] of COPIES) {
  const text = await readFile(from, "utf8");
  await writeFile(join(making, name), text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}
await refuseForbidden();
await writeFile(join(making, "manifest.json"), await manifest());
await rm(place, { recursive: true, force: true });
await rename(making, place);
