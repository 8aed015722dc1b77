// The report at work: figures, tables and theme. Everything it shows is in the page itself.
"use strict";

/** A document that a script element of the page holds. */
function embedded(id) { return JSON.parse(document.getElementById(id).textContent); }

const report = embedded("report-outline");

// Read when the first of them is asked for: they are most of the page, and come after all that is seen first.
let files;

/** The text of an embedded file, unpacked where it was packed; undefined where there is none. */
async function textOf(name) {
  files ??= embedded("report-files");
  const file = files[name];
  if (file?.gzip === undefined) return file?.text;
  const bytes = Uint8Array.from(atob(file.gzip), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

/** The rows of a CSV document as RFC 4180 has it. */
function parseCSV(text) {
  const rows = [];
  let row = [], cell = "", quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "," ) { row.push(cell); cell = ""; }
    else if (c === "\n") { row.push(cell); rows.push(row); row = []; cell = ""; }
    else if (c !== "\r") cell += c;
  }
  return rows;
}

function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A button that does `action`. */
function button(text, action, label) {
  const node = element("button", { type: "button" }, text);
  if (label) node.setAttribute("aria-label", label);
  node.addEventListener("click", action);
  return node;
}

// --- tables -------------------------------------------------------------------------------------

/** A table that sorts, filters, and holds in the document only the rows that are seen. */
class Grid {
  constructor(host, name, csv) {
    this.name = name;
    const [header, ...rows] = parseCSV(csv);
    this.header = header;
    this.rows = rows;
    this.isNumber = header.map((_, c) =>
      rows.some((row) => row[c] !== "") && rows.every((row) => row[c] === "" || !isNaN(row[c])));
    this.order = rows.map((_, i) => i);
    this.sorted = { column: -1, ascending: true };
    this.build(host, csv);
  }

  build(host, csv) {
    this.count = element("output", { class: "soft", "aria-live": "polite" });
    const filter = element("input", {
      type: "search", placeholder: "filter: text, or column>0.9 dimension=8",
      "aria-label": `filter the rows of ${this.name}`,
    });
    filter.addEventListener("input", () => this.filter(filter.value));
    const tools = element("div", { class: "grid-tools" }, filter, this.count,
      button("CSV", () => download(this.name, "text/csv", csv), `download ${this.name}`));
    this.body = element("tbody");
    const heads = this.header.map((title, c) => {
      const cell = element("th", { scope: "col", "aria-sort": "none" });
      if (this.isNumber[c]) cell.className = "number";
      cell.append(button(title, () => this.sort(c)));
      return cell;
    });
    this.heads = heads;
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), this.body);
    table.setAttribute("aria-label", this.name);
    this.view = element("div", {
      class: "grid", tabindex: "0", role: "region", "aria-label": `rows of ${this.name}`,
    }, table);
    this.table = table;
    this.view.addEventListener("scroll", () => requestAnimationFrame(() => this.draw()));
    host.replaceChildren(tools, this.view);
    this.update();
  }

  /** Rows that satisfy all words: `column>number` and the like, or text that some cell has. */
  filter(text) {
    const tests = text.trim().split(/\s+/).filter(Boolean).map((word) => {
      const parts = word.match(/^([^<>=!]+)(<=|>=|!=|=|<|>)(.*)$/);
      const column = parts ? this.header.findIndex((h) => h === parts[1] || h.endsWith("." + parts[1])) : -1;
      if (column < 0) return (row) => row.some((cell) => cell.includes(word));
      const [, , sign, wanted] = parts;
      const number = Number(wanted);
      return (row) => {
        const cell = row[column];
        const isNumeric = cell !== "" && wanted !== "" && !isNaN(cell) && !isNaN(number);
        const [left, right] = isNumeric ? [Number(cell), number] : [cell, wanted];
        if (sign === "=") return left === right;
        if (sign === "!=") return left !== right;
        if (!isNumeric) return false;
        return { "<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right }[sign];
      };
    });
    this.order = [];
    this.rows.forEach((row, i) => { if (tests.every((test) => test(row))) this.order.push(i); });
    this.arrange();
  }

  sort(column) {
    const { sorted } = this;
    this.sorted = { column, ascending: sorted.column === column ? !sorted.ascending : true };
    this.heads.forEach((head, c) => head.setAttribute("aria-sort",
      c !== column ? "none" : this.sorted.ascending ? "ascending" : "descending"));
    this.arrange();
  }

  /** Missing cells stand last, whichever way the rows are sorted. */
  arrange() {
    const { column, ascending } = this.sorted;
    if (column >= 0) {
      const sign = ascending ? 1 : -1;
      const isNumber = this.isNumber[column];
      const keys = this.rows.map((row) => (isNumber ? Number(row[column]) : row[column]));
      const missing = (i) => this.rows[i][column] === "";
      this.order.sort((a, b) => {
        if (missing(a) || missing(b)) return missing(a) - missing(b) || a - b;
        return keys[a] < keys[b] ? -sign : keys[a] > keys[b] ? sign : a - b;
      });
    }
    this.view.scrollTop = 0;
    this.update();
  }

  update() {
    this.count.textContent = this.order.length === this.rows.length
      ? `${this.rows.length} rows` : `${this.order.length} of ${this.rows.length} rows`;
    this.table.setAttribute("aria-rowcount", this.order.length + 1);
    this.first = -1;
    this.draw();
  }

  draw() {
    const height = this.rowHeight || 26;
    const shown = 60;
    const start = Math.max(0, Math.min(
      Math.floor(this.view.scrollTop / height) - 20, this.order.length - shown));
    const first = start - (start % 10);
    if (first === this.first) return;
    this.first = first;
    const end = Math.min(first + shown + 10, this.order.length);
    const spacer = (rows) => element("tr", { "aria-hidden": "true" }, element("td", {
      class: "spacer", colspan: this.header.length, style: `height:${rows * height}px`,
    }));
    const lines = [];
    if (first > 0) lines.push(spacer(first));
    for (let i = first; i < end; i++) {
      const line = element("tr", { "aria-rowindex": i + 2 });
      this.rows[this.order[i]].forEach((cell, c) => {
        const td = element("td", {}, cell === "" ? "–" : this.isNumber[c] ? shorten(cell) : cell);
        if (this.isNumber[c]) { td.className = "number"; td.title = cell; }
        line.append(td);
      });
      lines.push(line);
    }
    if (end < this.order.length) lines.push(spacer(this.order.length - end));
    this.body.replaceChildren(...lines);
    const line = this.body.querySelector("tr:not([aria-hidden])");
    if (line && !this.rowHeight && line.offsetHeight) this.rowHeight = line.offsetHeight;
  }
}

/** Six significant digits, where the number has more. */
function shorten(text) {
  if (text.length <= 9) return text;
  const short = Number(Number(text).toPrecision(6)).toString();
  return short.length < text.length ? short : text;
}

// --- figures ------------------------------------------------------------------------------------

/** The specification with what only a screen has: values on hover, a legend that toggles. */
function interactive(spec) {
  const copy = structuredClone(spec);
  const view = copy.spec ?? copy;
  // A band that no point has would only be complained of.
  const values = Array.isArray(copy.data.values) ? copy.data.values : [];
  view.layer = view.layer.filter(({ data, encoding }) =>
    data || !encoding.y2 || values.some((row) => encoding.y2.field in row));
  const own = view.layer.filter((layer) => !layer.data);
  const curve = own.find((layer) => layer.mark.type === "line");
  const grouped = own.find((layer) => layer.encoding.stroke || layer.encoding.fill);
  for (const layer of own) {
    if (["point", "rect"].includes(layer.mark.type)) layer.mark.tooltip = { content: "data" };
  }
  if (curve) {
    const { x, y } = curve.encoding;
    view.layer.push({
      mark: { type: "point", opacity: 0, size: 60, filled: true, tooltip: { content: "data" } },
      encoding: { x, y },
    });
  }
  const legend = own.find((layer) => {
    const channel = layer.encoding.stroke ?? layer.encoding.fill;
    return channel && channel.legend !== null;
  });
  if (grouped && legend) {
    legend.params = [{ name: "chosen", select: { type: "point", fields: ["group"] }, bind: "legend" }];
    for (const layer of own) {
      const full = layer.mark.opacity ?? 1;
      layer.encoding.opacity = { condition: { param: "chosen", value: full }, value: full / 10 };
    }
  }
  copy.config = { ...copy.config, background: "transparent" };
  // The bundled library may be newer than the grammar that is named; it reads both.
  delete copy.$schema;
  return copy;
}

/** Sets what follows _ in a formula, as in W_svm, below the line. */
function typeset(svg) {
  for (const text of svg.querySelectorAll("text")) {
    const parts = text.textContent.split(/(?<=[A-ZΑ-Ωα-ω\u0304])_([A-Za-z0-9]+)/);
    if (parts.length === 1) continue;
    text.replaceChildren(...parts.map((part, i) => {
      const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
      span.textContent = part;
      if (i % 2) { span.setAttribute("font-size", "75%"); span.setAttribute("dy", "0.33em"); }
      else if (i) span.setAttribute("dy", "-0.25em");
      return span;
    }));
  }
}

/** A figure's data as CSV. */
function dataOf(spec) {
  const values = spec.data.values;
  if (typeof values === "string") return values;
  const columns = [...new Set(values.flatMap(Object.keys))];
  const quote = (v) => (v === undefined || v === null ? "" : /[",\n]/.test(v) ? `"${String(v).replaceAll('"', '""')}"` : v);
  return [columns, ...values.map((row) => columns.map((c) => quote(row[c])))].map((r) => r.join(",")).join("\n") + "\n";
}

/** The libraries that draw figures take longer than all else, so they start with the first figure. */
let libraries;

async function loadLibraries() {
  const code = await textOf("vega.js");
  if (code === undefined) throw new Error("the report was written without vl-convert");
  document.head.append(element("script", {}, code));
}

async function drawFigure(host) {
  libraries ??= loadLibraries();
  await libraries;
  const spec = JSON.parse(await textOf(`${host.dataset.figure}.vl.json`));
  const { view } = await vegaEmbed(host, interactive(spec), { mode: "vega-lite", actions: false, renderer: "svg", tooltip: { theme: "custom" } });
  const svg = host.querySelector("svg");
  typeset(svg);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${host.dataset.label}; its data can be downloaded below`);
  for (const part of svg.children) part.setAttribute("aria-hidden", "true");
  const tools = host.parentElement.querySelector("figcaption");
  const name = host.dataset.figure.replace("/", "-");
  tools.append(
    button("data", () => download(`${name}.csv`, "text/csv", dataOf(spec)), `data of ${name} as CSV`),
    button("SVG", async () => download(`${name}.svg`, "image/svg+xml", await view.toSVG()), `${name} as SVG`),
    button("Vega-Lite", () => download(`${name}.vl.json`, "application/json", JSON.stringify(spec, null, 1)), `specification of ${name}`));
}

/** Shows a drawing that was made before, as it is. */
async function showDrawing(host) {
  host.innerHTML = await textOf(host.dataset.drawing);
  host.querySelector("svg")?.setAttribute("aria-hidden", "true");
}

/** Fills the place of a figure or a drawing, once. */
async function draw(host) {
  if (host.dataset.state) return;
  host.dataset.state = "drawing";
  try {
    await (host.dataset.figure ? drawFigure(host) : showDrawing(host));
    host.dataset.state = "drawn";
  } catch (error) {
    host.textContent = `Not drawn: ${error.message}.`;
    host.dataset.state = "failed";
  }
}

// --- the page -----------------------------------------------------------------------------------

const main = document.getElementById("content");

/** A table of few rows; a cell is text, a node, or nothing. */
function plain(label, header, rows) {
  const isNumber = header.map((_, c) =>
    rows.some((row) => row[c]) && rows.every((row) => !row[c] || (typeof row[c] === "string" && !isNaN(row[c]))));
  const head = header.map((title, c) =>
    element("th", { scope: "col", ...(isNumber[c] && { class: "number" }) }, title));
  const body = rows.map((row) => element("tr", {}, ...row.map((cell, c) =>
    element(c === 0 && cell instanceof Node ? "th" : "td",
      { ...(isNumber[c] && { class: "number" }), ...(c === 0 && cell instanceof Node && { scope: "row" }) },
      cell ?? ""))));
  const table = element("table", { "aria-label": label },
    element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);
}

const symbols = { held: "✓", broken: "✗", undecided: "?" };

function status(word) {
  return element("span", { class: `status ${word}` }, `${symbols[word]} ${word}`);
}

function stated(claim) {
  const [[kind, bound]] = Object.entries(claim.threshold);
  const signs = { "at-least": "≥ ", "at-most": "≤ ", equals: "= " };
  return kind === "between" ? `between ${bound[0]} and ${bound[1]}` : signs[kind] + bound;
}

function measured(claim) {
  return typeof claim.measured === "number" ? Number(claim.measured.toPrecision(6)).toString() : "nothing";
}

function quantity(claim) {
  const at = typeof claim.at === "object" ? `from ${claim.at.from} to ${claim.at.to}` : `at ${claim.at}`;
  const text = (value) => (typeof value === "object" ? JSON.stringify(value) : value);
  const cells = Object.entries(claim.where ?? {}).map(([path, value]) => `${path} = ${text(value)}`);
  return [`${claim.statistic} of ${claim.metric}, ${at}`, ...cells].join("; ");
}

function claimRow(claim) {
  return [status(claim.status), claim.says, quantity(claim), stated(claim), measured(claim), String(claim.count ?? "")];
}

const claimHeader = ["status", "claim", "quantity", "stated", "measured", "runs"];

function link(name) { return element("a", { href: `#${name}` }, name); }

/** The sum of a column of timings; undefined where there is none. */
function total(timings, column) {
  if (!timings) return undefined;
  const rows = parseCSV(timings);
  const at = rows[0].indexOf(column);
  return at < 0 ? undefined : rows.slice(1).reduce((sum, row) => sum + Number(row[at]), 0);
}

function fixed(number, unit = 1) { return number === undefined ? "" : (number / unit).toFixed(1); }

function overview() {
  const all = report.experiments.flatMap((one) => one.claims);
  const count = (word, claims) => claims.filter((claim) => claim.status === word).length;
  const sentence = `${report.experiments.length} experiments; of ${all.length} claims `
    + `${count("held", all)} held, ${count("broken", all)} broken, ${count("undecided", all)} undecided.`;
  const rows = report.experiments.map((one) => [
    link(one.name), one.title, ...["held", "broken", "undecided"].map((word) => String(count(word, one.claims))),
    one.runs === undefined ? "" : String(one.runs), fixed(total(one.timings, "seconds")),
    fixed(total(one.timings, "bytes"), 1e6),
  ]);
  main.append(
    element("section", { "aria-labelledby": "overview" }, element("h2", { id: "overview" }, "Overview"),
      element("p", {}, sentence),
      plain("experiments", ["experiment", "title", "held", "broken", "undecided", "runs", "CPU s", "MB in cache"], rows),
      allClaims()));
}

function allClaims() {
  const rows = report.experiments.flatMap((one) => one.claims.map((claim) => [one.name, claim]));
  const table = plain("all claims", ["experiment", ...claimHeader],
    rows.map(([name, claim]) => [link(name), ...claimRow(claim)]));
  table.id = "all-claims";
  table.querySelectorAll("tbody tr").forEach((row, i) => { row.dataset.status = rows[i][1].status; });
  const filter = element("select", {}, ...["all", "held", "broken", "undecided"].map((word) => element("option", {}, word)));
  filter.addEventListener("change", () => {
    table.querySelectorAll("tbody tr").forEach((row) => {
      row.hidden = filter.value !== "all" && row.dataset.status !== filter.value;
    });
  });
  return element("details", { open: "" }, element("summary", {}, "All claims"),
    element("label", { class: "grid-tools" }, "show ", filter), table);
}

function plan() {
  const rows = report.plan.kinds.map((row) => [row.experiment, row.kind, ...["stages", "cached", "to-run", "unknown"].map((key) => String(row[key]))]);
  const section = element("section", { "aria-labelledby": "plan" }, element("h2", { id: "plan" }, "Plan"),
    element("p", {}, `${report.plan.stages} stages, those that experiments share counted once. A sweep is one node with its counts.`));
  section.append(graphs(report.plan.graphs, "; the table below holds its counts"));
  section.append(element("details", {}, element("summary", {}, "Counts"),
    plain("stages of each kind", ["experiment", "kind", "stages", "cached", "to run", "unknown"], rows)));
  main.append(section);
}

/** Drawings side by side, each with its name below it. */
function graphs(drawn, more = "") {
  return element("div", { class: "figures" }, ...drawn.map(({ file, label }) =>
    element("figure", {},
      element("div", { class: "drawn", role: "img", "aria-label": label + more, tabindex: "0", "data-drawing": file }),
      element("figcaption", {}, element("span", { class: "name" }, label)))));
}

function figureOf(name) {
  const label = `${name.split("/")[1]} of ${name.split("/")[0]}`;
  return element("figure", {},
    element("div", { class: "plot drawn", "data-figure": name, "data-label": label }),
    element("figcaption", {}, element("span", { class: "name" }, name.split("/")[1])));
}

function experiment(one) {
  const part = (title, ...content) => [element("h3", {}, title), ...content];
  const section = element("section", { "aria-labelledby": one.name },
    element("h2", { id: one.name }, `${one.name}: ${one.title}`));
  if (one.question) section.append(element("p", { class: "question" }, one.question));
  section.append(...part("Claims", one.claims.length
    ? plain(`claims of ${one.name}`, claimHeader, one.claims.map(claimRow)) : element("p", {}, "This experiment states none.")));
  if (one.figures.length) {
    section.append(...part("Figures", element("div", { class: "figures" }, ...one.figures.map(figureOf))));
  }
  if (one.graphs.length) {
    section.append(...part("Graphs", graphs(one.graphs)));
  }
  if (one.tables.length) section.append(...part("Tables"), tables(one));
  section.append(element("details", {}, element("summary", {}, "Manifest"), element("pre", { tabindex: "0", "aria-label": `manifest of ${one.name}` }, one.manifest)));
  const notes = [];
  if (one.timings) {
    const [header, ...rows] = parseCSV(one.timings);
    const last = header.indexOf("stages");
    const shown = rows.slice(0, 200).map((row) => row.map((cell, c) => (c > last ? shorten(cell) : cell)));
    notes.push(plain(`timings of ${one.name}`, header, shown));
    if (rows.length > shown.length) notes.push(element("p", {}, `and ${rows.length - shown.length} more rows in timings.csv`));
  }
  if (one.provenance) {
    notes.push(element("p", {}, cacheUse(one)));
    notes.push(plain(`environment of ${one.name}`, ["environment", "value"], Object.entries(one.provenance).map(([key, value]) =>
      [key, key === "time" ? new Date(value * 1000).toISOString() : typeof value === "object" ? Object.entries(value).map(([k, v]) => `${v} ${k}`).join(", ") : String(value)])));
  }
  if (notes.length) section.append(element("details", {}, element("summary", {}, "Timings, cache and environment"), ...notes));
  main.append(section);
}

/** How much of an experiment the cache had, when anything of it was last executed. */
function cacheUse(one) {
  const { executed = 0, reused = 0 } = one.provenance.stages ?? {};
  const share = executed + reused ? ` (${Math.round((100 * reused) / (executed + reused))} %)` : "";
  const size = total(one.timings, "bytes");
  return `Cache: of ${executed + reused} stages ${reused} were there${share} and ${executed} were executed, `
    + "when any of them last was" + (size === undefined ? "." : `; their outputs take ${fixed(size, 1e6)} MB.`);
}

function tables(one) {
  const host = element("div", {});
  const picker = element("select", { "aria-label": `table of ${one.name}` },
    ...one.tables.map((name) => element("option", { value: `${name}.csv` }, `${name.split("/")[1]}.csv`)));
  const show = async () => {
    host.replaceChildren(element("p", { class: "soft" }, "unpacking…"));
    new Grid(host, picker.value.replace("/", "-"), await textOf(picker.value));
  };
  picker.addEventListener("change", show);
  const details = element("details", {}, element("summary", {}, "Runs, summary, series"),
    element("label", { class: "grid-tools" }, "table ", picker), host);
  details.addEventListener("toggle", () => { if (details.open && !host.hasChildNodes()) show(); });
  return details;
}

/** Draws what is near the window first, then all else while nothing happens, so that print has it. */
function drawAll() {
  const hosts = [...document.querySelectorAll("[data-figure], [data-drawing]")];
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watcher.unobserve(entry.target); draw(entry.target); }
  }, { rootMargin: "400px" });
  hosts.forEach((host) => watcher.observe(host));
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  const next = () => {
    const host = hosts.find((one) => !one.dataset.state);
    if (host) draw(host).then(() => idle(next));
    else if (hosts.some((one) => one.dataset.state === "drawing")) setTimeout(next, 20);
    else document.documentElement.dataset.ready = "yes";
  };
  idle(next);
}

/** What is seen first, before the rest of the page is read. */
function start() {
  const theme = document.getElementById("theme");
  theme.addEventListener("change", () => {
    if (theme.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
  overview();
}

/** All else, an experiment at a time, so that the page answers meanwhile. */
async function finish() {
  plan();
  for (const one of report.experiments) {
    experiment(one);
    await new Promise((done) => setTimeout(done));
  }
  main.append(element("p", { class: "soft" }, report.generator));
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  drawAll();
}

start();
