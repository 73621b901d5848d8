"""Makes the pictures of docs/report.md. Usage: screenshots.py REPORT FOLDER"""

import os
import sys

import browser


def main(report, folder):
    page = browser.Browser(browser.find())
    try:
        for name, width, height, dark in (("light", 1100, 1240, False), ("dark", 1100, 1240, True),
                                          ("narrow", 390, 1300, False)):
            page.shape(width, height, dark=dark)
            page.open(report)
            if name == "dark":  # what the faults did, from the recovery on
                page.value("""{ const span = document.querySelector('#span');
                    span.value = span.options.length - 1; span.dispatchEvent(new Event('change')); }""")
                page.value("document.querySelector('#recovery').scrollIntoView({behavior: 'instant'})")
            if name == "narrow":
                page.value("document.querySelector('#timeline').scrollIntoView({behavior: 'instant'})")
            page.settle()
            with open(os.path.join(folder, f"report-{name}.png"), "wb") as file:
                file.write(page.screenshot())
    finally:
        page.close()


main(*sys.argv[1:])
