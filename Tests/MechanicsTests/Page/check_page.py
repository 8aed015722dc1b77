"""Opens a report in Chromium and checks what a user would: check_page.py REPORT EXPERIMENT.

No message on the console, no request, no dead link, nothing wider than the window, no violation that
axe-core finds; figures are drawn, a table sorts and filters; in light and dark, wide and narrow.
"""

import shutil
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

path, experiment = sys.argv[1:]
faults = []


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
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    for details in page.query_selector_all("details"):
        details.evaluate("node => { node.open = true }")
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
    for violation in Axe().run(page).response["violations"]:
        faults.append(where + f"axe {violation['id']}: {violation['nodes'][0]['html'][:200]}")
    if width > 1000:
        check_table(page, where)
    outside = [url for url in requests if not url.startswith(("file:", "data:", "blob:"))]
    check(not outside, where + f"requests leave the page: {outside}")
    context.close()


def check_table(page, where):
    """The runs of the experiment, sorted by seed downwards, then only those of seed 1."""
    section = page.locator("section", has=page.locator(f"h2#{experiment}"))
    seed = section.locator(".grid th button", has_text="seed").first
    column = seed.evaluate("node => node.parentElement.cellIndex")

    def cells():
        rows = section.locator(".grid tbody tr:not([aria-hidden])").all()
        return [float(row.locator("td").nth(column).inner_text()) for row in rows]

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

for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
