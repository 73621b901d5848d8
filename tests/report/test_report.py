"""Opens reports in a real Chromium and looks at what they show. ARCAS: the binary."""

import json
import os
import subprocess
import tempfile
import unittest
import zlib

import browser

HOSTILE = "</script><img src=x onerror=\"document.title='owned'\">&amp;'\""

HOSTILE_SCENARIO = """
name: {name}
description: {name}
region: {{zones: [a, b], node_shapes: [{{name: n, count: 4, cpu: 4, memory: 8Gi}}]}}
workload: {{total_pods: 8, smallest: 2, largest: 4, mean: 3, pods: [{{share: 1, cpu: 250m, memory: 1Gi}}]}}
faults: [{{kind: zone_power_loss, after_settled: 10s, zone: b, lasts: 2m}}]
expect: [pods_lost == 0, nodes == 5]
"""


def colours_in(png):
    """How many different bytes the picture is made of: one or two where it is blank."""
    data, at = b"", 8
    while at < len(png):
        size = int.from_bytes(png[at:at + 4], "big")
        if png[at + 4:at + 8] == b"IDAT":
            data += png[at + 8:at + 8 + size]
        at += size + 12
    return len(set(zlib.decompress(data)))


class ReportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="arcas-report-")
        cls.arcas("sim", "run", "az-outage-1k", "--db", cls.path("arcas.db"), "--report", cls.path("run.html"),
                  "--json", cls.path("run.json"))
        with open(cls.path("run.json")) as file:
            cls.summary = json.load(file)
        cls.arcas("sim", "run", "smoke", "--db", cls.path("smoke.db"))
        cls.arcas("report", cls.path("arcas.db"), "--out", cls.path("again.html"))
        cls.arcas("report", cls.path("arcas.db"), cls.path("smoke.db"), "--out", cls.path("two.html"))
        cls.browser = browser.Browser(browser.find())

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    @classmethod
    def arcas(cls, *arguments, code=0):
        quiet = ["--quiet"] if arguments[:2] == ("sim", "run") else []
        done = subprocess.run([os.environ["ARCAS"], *arguments, *quiet], capture_output=True, text=True)
        if done.returncode != code:
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")

    def open(self, name, width=1280, **shape):
        self.browser.complaints.clear()
        self.browser.requests.clear()
        self.browser.shape(width, 900, **shape)
        self.browser.open(self.path(name))

    def text(self, selector):
        return self.browser.value(f"document.querySelector({selector!r}).innerText")

    def number(self, expression):
        return self.browser.value(expression)

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])
        self.assertTrue(all(url.startswith("file://") for url in self.browser.requests), self.browser.requests)

    def test_a_results_file_gives_the_report_of_its_run(self):
        with open(self.path("run.html"), "rb") as a, open(self.path("again.html"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_shows_the_run(self):
        self.open("run.html")
        self.assertIn("az-outage-1k", self.text("h1"))
        self.assertIn("as expected", self.text("header"))
        self.assertIn(self.summary["trace_hash"], self.text("header"))
        self.assertIn(f"{self.summary['pods_displaced']:,}", self.text("#figures"))
        self.assertIn("arcas sim run az-outage-1k --seed 1", self.text("#repeat pre"))
        self.assertIn("recovery_seconds.p99 <= 60", self.text("#checks"))
        self.assertIn("No invariant was broken", self.text("#checks"))
        half = float(f"{self.summary['recovery_seconds']['p50']:.3g}")
        self.assertIn(f"Half of them ran again within {half:g} s", self.text("#recovery"))
        self.assertIn("tenant-", self.text("#fairness table"))
        sections = self.browser.value("[...document.querySelectorAll('section')].map(s => s.id)")
        self.assertEqual(sections, ["figures", "timeline", "map", "pods", "recovery", "utilisation",
                                    "scheduling", "load", "fairness", "checks", "repeat"])
        lines = "document.querySelectorAll('%s path.line[d^=M]').length"
        self.assertEqual(self.number(lines % "#pods"), 4)
        self.assertEqual(self.number(lines % "#utilisation"), 9)  # cpu, memory, pods in three zones
        self.assertEqual(self.number(lines % "#load"), 18)  # three figures of six partitions
        self.assertGreater(colours_in(self.browser.screenshot()), 40)

    def test_the_list_behind_the_timeline_tells_faults_and_events(self):
        self.open("run.html")
        self.browser.value("document.querySelector('#timeline summary').click()")
        self.browser.settle()
        self.assertIn("zone zone-a loses power", self.text("#timeline table"))
        self.assertIn("judged lost by tenant partition", self.text("#timeline table"))

    def test_every_picture_has_words_and_every_chart_a_table(self):
        self.open("two.html")
        nameless = self.number("""[...document.querySelectorAll('svg[role=img], canvas')]
            .filter(e => !(e.getAttribute('aria-label') || '').trim()).length""")
        self.assertEqual(nameless, 0)
        charts = self.number("document.querySelectorAll('figure > svg[tabindex]').length")
        self.assertGreater(charts, 20)
        tables = self.number("""[...document.querySelectorAll('figure > svg[tabindex]')].filter(chart => {
            const details = chart.parentNode.querySelector('details');
            details.open = true;
            details.dispatchEvent(new Event('toggle'));
            return details.querySelectorAll('tbody tr').length > 0;
        }).length""")
        self.assertEqual(tables, charts)

    def test_one_time_for_charts_and_map_by_keyboard(self):
        self.open("run.html")
        self.browser.value("document.querySelector('#pods svg[tabindex]').focus()")
        before = self.text("#map output")
        for _ in range(3):
            self.browser.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight")
        self.browser.settle()
        self.assertNotEqual(self.text("#map output"), before)
        self.assertEqual(self.text("#map output"), self.text("#pods .legend li"))

    def test_the_map_shows_the_dark_zone_and_what_is_chosen(self):
        self.open("run.html")
        self.assertRegex(self.text("#map table"), r"zone-a\s+334\s+0\s")
        self.assertGreater(self.painted(), 8)
        self.browser.value("""{ const slider = document.querySelector('#map input[type=range]');
            slider.value = 1000; slider.dispatchEvent(new Event('input')); }""")
        self.browser.settle()
        self.assertRegex(self.text("#map table"), r"zone-a\s+334\s+334\s")
        self.browser.value("""{ const view = document.querySelector('#map select');
            view.value = '2'; view.dispatchEvent(new Event('change')); }""")
        self.browser.settle()
        self.assertLessEqual(self.painted(), 4)  # everything is up: one colour, and what is between cells

    def painted(self):
        """Colours of the first map that each cover one part in 200 of it or more."""
        return self.number("""(() => {
            const canvas = document.querySelector('#map canvas');
            const {data} = canvas.getContext('2d').getImageData(0, 24, canvas.width, canvas.height - 30);
            const seen = new Map();
            for (let i = 0; i < data.length; i += 4) {
                const colour = data[i] << 16 | data[i + 1] << 8 | data[i + 2];
                seen.set(colour, (seen.get(colour) || 0) + 1);
            }
            return [...seen.values()].filter(pixels => pixels > data.length / 800).length;
        })()""")

    def test_a_part_of_the_time_can_be_chosen(self):
        self.open("run.html")
        path = "document.querySelector('#pods path.line').getAttribute('d')"
        whole = self.browser.value(path)
        self.browser.value("""{ const span = document.querySelector('#span');
            span.value = span.options.length - 1; span.dispatchEvent(new Event('change')); }""")
        self.assertNotEqual(self.browser.value(path), whole)

    def test_two_runs_stand_side_by_side(self):
        self.open("two.html")
        self.assertIn("az-outage-1k and smoke", self.text("h1"))
        self.assertIn("B less A", self.text("#figures"))
        tops = self.browser.value("[...document.querySelectorAll('#pods .panel')].map(p => p.getBoundingClientRect().top)")
        self.assertEqual(len(tops), 2)
        self.assertEqual(tops[0], tops[1])
        self.open("two.html", width=390)
        tops = self.browser.value("[...document.querySelectorAll('#pods .panel')].map(p => p.getBoundingClientRect().top)")
        self.assertLess(tops[0], tops[1])

    def test_fits_a_phone_the_dark_and_paper(self):
        for shape in ({"width": 390}, {"width": 320}, {"dark": True}, {"media": "print"}):
            with self.subTest(shape=shape):
                self.open("two.html", **shape)
                self.assertLessEqual(self.number("document.documentElement.scrollWidth"), shape.get("width", 1280))
                self.assertGreater(colours_in(self.browser.screenshot()), 40)
        self.open("run.html", dark=True)
        self.assertEqual(self.browser.value("getComputedStyle(document.body).backgroundColor"), "rgb(15, 20, 25)")

    def test_words_are_dark_enough_to_read(self):
        contrast = """(() => {
            const light = c => { const [r, g, b] = c.match(/[0-9.]+/g).map(v => v / 255)
                .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const page = light(getComputedStyle(document.body).backgroundColor);
            const ratio = e => { const c = getComputedStyle(e);
                const own = light(e instanceof SVGElement ? c.fill : c.color);
                return (Math.max(own, page) + 0.05) / (Math.min(own, page) + 0.05); };
            return Math.min(...[...document.querySelectorAll('p, h1, h2, h3, td, th, a, dt, dd, summary, li, svg text, .verdict')]
                .map(ratio)); })()"""
        for dark in (False, True):
            self.open("run.html", dark=dark)
            self.assertGreaterEqual(self.number(contrast), 4.5)

    def test_hostile_names_are_shown_as_they_are(self):
        quoted = '"' + HOSTILE.replace('"', '\\"') + '"'
        with open(self.path("hostile.yaml"), "w") as file:
            file.write(HOSTILE_SCENARIO.format(name="hostile").replace("description: hostile", "description: " + quoted))
        self.arcas("sim", "run", self.path("hostile.yaml"), "--report", self.path("hostile.html"), code=3)
        self.open("hostile.html")
        self.assertIn(HOSTILE, self.text("header"))
        self.assertNotEqual(self.browser.value("document.title"), "owned")
        self.assertEqual(self.number("document.images.length"), 0)
        self.assertIn("not as expected", self.text("header"))
        self.assertIn("nodes == 5", self.text("#checks"))
        self.assertIn("fails", self.text("#checks"))


if __name__ == "__main__":
    unittest.main()
