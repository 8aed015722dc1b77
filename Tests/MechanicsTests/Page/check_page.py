"""Opens a report in Chromium and checks what a user would: check_page.py REPORT EXPERIMENT.

No message on the console, no request, no dead link, nothing wider than the window, no violation that
axe-core finds; figures are drawn, tables sort and filter, also with 100,000 rows; how long
it takes is printed; in light and dark, wide and narrow.
"""

import math
import shutil
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

# A page that takes longer, in ms, is broken. How fast it is, is printed: other work slows it down.
LIMIT = 30_000

path, experiment = sys.argv[1:]
faults = []
times = []


def check(condition, text):
    if not condition:
        faults.append(text)


def check_page(browser, scheme, width):
    where = f"{scheme}, {width} px: "
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: faults.append(where + "console: " + message.text))
    page.on("pageerror", lambda error: faults.append(where + f"error: {error}"))
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto("file://" + path)
    opened = page.evaluate(TIME_TO_CONTENT)
    check(0 < opened < LIMIT, where + f"opening takes {opened:.0f} ms")
    times.append(f"{where}content after {opened:.0f} ms")
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    # What is off the screen is to be checked as well.
    page.add_style_tag(content="section { content-visibility: visible !important }")
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true })")
    page.wait_for_selector(".grid tbody td")

    plots = page.query_selector_all(".plot")
    check(plots, where + "there is no figure")
    drawn = page.query_selector_all('.plot[data-state="drawn"] svg')
    check(len(drawn) == len(plots), where + f"{len(drawn)} of {len(plots)} figures are drawn")
    dead = page.evaluate(
        """[...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute("href"))
           .filter((target) => !document.getElementById(target.slice(1)))"""
    )
    check(not dead, where + f"links lead nowhere: {dead}")
    check(
        page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
        where + "the page is wider than the window",
    )
    if width > 1000:
        check_table(page, where)
        check_large_table(page, where)
        check_claims(page, where)
    # What is alike is looked at a few times: axe-core takes minutes for 90,000 elements.
    page.evaluate(THIN)
    for violation in Axe().run(page).response["violations"]:
        faults.append(where + f"axe {violation['id']}: {violation['nodes'][0]['html'][:200]}")
    outside = [url for url in requests if not url.startswith(("file:", "data:", "blob:"))]
    check(not outside, where + f"requests leave the page: {outside}")
    context.close()


# Until the page has been built and painted.
TIME_TO_CONTENT = """new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
    const paints = performance.getEntriesByName("first-contentful-paint");
    const [load] = performance.getEntriesByType("navigation");
    done(Math.max(load.domInteractive, ...paints.map((one) => one.startTime)));
})))"""

# Leaves the first rows of each table, and of drawings, which are images to those who listen, the first.
THIN = """() => {
    for (const body of document.querySelectorAll("tbody")) [...body.rows].slice(5).forEach((row) => row.remove());
    [...document.querySelectorAll('[role="img"] > [aria-hidden]')].slice(20).forEach((part) => part.replaceChildren());
}"""

# Builds a table in the page, and measures what a user waits for.
LARGE_TABLE = """async () => {
    const lines = ["seed,norm,word"];
    for (let i = 0; i < 100000; i++) lines.push(`${i},${Math.sin(i)},w${i % 7}`);
    const host = document.createElement("div");
    document.body.append(host);
    const times = {};
    async function timed(name, work) {
        const start = performance.now();
        work();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times[name] = performance.now() - start;
    }
    let grid;
    await timed("build", () => { grid = new Grid(host, "large.csv", lines.join("\\n") + "\\n"); });
    await timed("sort", () => grid.sort(1));
    const first = host.querySelectorAll("tbody tr:not([aria-hidden]) td")[1].title;
    await timed("filter", () => grid.filter("word=w3 seed<50000"));
    const left = grid.order.length;
    await timed("scroll", () => { grid.view.scrollTop = 50000; });
    const rows = host.querySelectorAll("tbody tr").length;
    host.remove();
    return { times, first: Number(first), left, rows };
}"""


def check_large_table(page, where):
    found = page.evaluate(LARGE_TABLE)
    slow = {name: time for name, time in found["times"].items() if time > LIMIT}
    check(not slow, where + f"a table of 100,000 rows takes {slow} ms")
    least = min(math.sin(i) for i in range(100_000))
    check(abs(found["first"] - least) < 1e-12, where + f"sorted, it begins with {found['first']}")
    check(found["left"] == len(range(3, 50_000, 7)), where + f"the filter leaves {found['left']} rows")
    check(found["rows"] < 100, where + f"{found['rows']} rows are in the document at once")
    spent = ", ".join(f"{name} {time:.0f}" for name, time in found["times"].items())
    times.append(f"{where}100,000 rows: {spent} ms")


def check_claims(page, where):
    """Only the claims of a status are left where one is chosen."""
    for status in ["held", "broken"]:
        page.locator("section", has=page.locator("h2#overview")).locator("select").select_option(status)
        seen = page.evaluate(
            """[...document.querySelectorAll("#all-claims tbody tr")]
               .filter((row) => row.checkVisibility()).map((row) => row.dataset.status)""")
        check(set(seen) <= {status}, where + f"of claims that are {status} it shows {seen}")
        want = page.evaluate(
            "word => report.experiments.flatMap((one) => one.claims)"
            ".filter((claim) => claim.status === word).length", status)
        check(len(seen) == want, where + f"{len(seen)} of {want} claims that are {status} are shown")


def check_table(page, where):
    """The runs of the experiment, sorted by seed downwards, then only those of seed 1."""
    section = page.locator("section", has=page.locator(f"h2#{experiment}"))
    seed = section.locator(".grid th button", has_text="seed").first
    column = seed.evaluate("node => node.parentElement.cellIndex")

    def cells():
        texts = section.locator(".grid").first.evaluate(
            """(grid, column) => [...grid.querySelectorAll("tbody tr:not([aria-hidden])")]
               .map((row) => row.cells[column].innerText)""", column)
        return [float(text) for text in texts]

    seed.click()
    seed.click()
    found = cells()
    check(found == sorted(found, reverse=True), where + f"not sorted downwards: {found[:5]}")
    section.locator("input[type=search]").first.fill("seed=1")
    found = cells()
    check(found and set(found) == {1.0}, where + f"the filter leaves {found[:5]}")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    )
    for scheme, width in [("light", 1200), ("dark", 1200), ("light", 420)]:
        check_page(browser, scheme, width)
    browser.close()

for line in times + faults:
    print(line)
sys.exit(1 if faults else 0)
