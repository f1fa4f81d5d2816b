"""The page in Debian's Chromium, by selenium of build/peers/serve (tests/serve/setup.sh). Leaves
pictures in build/test-serve."""
import shutil
import subprocess
import sys
import unittest

from server import BUILD, FOLDER, Server, clips, made

PYTHON = BUILD / "peers" / "serve" / "bin" / "python"
READY = PYTHON.exists() and shutil.which("chromium") and shutil.which("chromedriver") and shutil.which("ffmpeg")
if READY:
    sys.path[:0] = [str(each) for each in (BUILD / "peers" / "serve" / "lib").glob("python*/site-packages")]
    from axe_core_python.selenium import Axe
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait


def playable():
    """A clip that browsers play."""
    made()
    path = FOLDER / "clip.webm"
    if not path.exists():
        subprocess.run(["ffmpeg", "-loglevel", "error", "-y", "-i", clips()[0], "-c:v", "libvpx", "-b:v", "500k", path],
                       check=True)
    return path


@unittest.skipUnless(READY, "SKIPPED: build/peers/serve, chromium or ffmpeg not found")
class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.end()

    def browser(self, width=1200, height=1000, dark=False):
        options = webdriver.ChromeOptions()
        for each in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-fake-ui-for-media-stream",
                     "--use-fake-device-for-media-stream", f"--window-size={width},{height}",
                     *(["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if dark else [])):
            options.add_argument(each)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.addCleanup(browser.quit)
        if dark:
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                    {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        browser.get(self.server.url)
        return browser

    def upload(self, browser, path):
        browser.find_element(By.ID, "files").send_keys(str(path))
        WebDriverWait(browser, 60).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".results .value, .results .warning"))

    def complaints(self, browser):
        return [each["message"] for each in browser.get_log("browser") if each["level"] == "SEVERE"]

    def test_an_upload_shows_its_label_over_time(self):
        browser = self.browser()
        self.upload(browser, playable())
        best = self.server.classify(playable()).json()["clips"][0]["predictions"][0]["label"]
        self.assertIn(best, browser.find_element(By.CSS_SELECTOR, ".results .value").text)
        rows = browser.find_elements(By.CSS_SELECTOR, ".results tbody tr")
        self.assertGreater(len(rows), 5)
        bars = browser.find_element(By.CSS_SELECTOR, ".bars")
        after_all = bars.text
        browser.execute_script("const v = document.querySelector('.player video'); v.currentTime = 0; v.dispatchEvent(new Event('timeupdate'))")
        WebDriverWait(browser, 20).until(lambda b: bars.text != after_all)
        self.assertEqual(self.complaints(browser), [])
        browser.save_screenshot(str(FOLDER / "page-desktop.png"))

    def test_an_unusable_file_is_told(self):
        browser = self.browser()
        file = FOLDER / "no-video.mp4"
        file.write_text("no video")
        self.upload(browser, file)
        self.assertIn("not a video", browser.find_element(By.CSS_SELECTOR, ".results .warning").text)

    def test_files_are_queued_and_removed_by_keyboard(self):
        browser = self.browser()
        browser.find_element(By.ID, "files").send_keys(f"{playable()}\n{clips()[1]}")
        WebDriverWait(browser, 60).until(lambda b: len(b.find_elements(By.CSS_SELECTOR, ".results .value")) == 2)
        reached = set()
        for _ in range(40):
            webdriver.ActionChains(browser).send_keys(Keys.TAB).perform()
            active = browser.switch_to.active_element
            reached.add(active.get_attribute("id") or active.text or active.tag_name)
            if active.text == "Remove":
                active.send_keys(Keys.ENTER)
                break
        self.assertTrue({"model", "record", "files"} <= reached, reached)
        self.assertEqual(len(browser.find_elements(By.CSS_SELECTOR, ".results > li")), 1)

    def test_the_camera_is_recorded_and_looked_at(self):
        browser = self.browser()
        button = browser.find_element(By.ID, "record")
        button.click()
        WebDriverWait(browser, 20).until(lambda b: "Stop" in button.text)
        browser.execute_async_script("setTimeout(arguments[0], 1500)")
        button.click()
        WebDriverWait(browser, 60).until(lambda b: b.find_elements(By.CSS_SELECTOR, ".results .value, .results .warning"))
        self.assertTrue(browser.find_elements(By.CSS_SELECTOR, ".results .value"),
                        browser.find_element(By.ID, "state").text)

    def test_axe_finds_nothing_on_desktop_phone_and_in_the_dark(self):
        for name, width, dark in (("desktop", 1200, False), ("phone", 500, False), ("dark", 1200, True)):
            browser = self.browser(width=width, dark=dark)
            self.upload(browser, playable())
            browser.execute_script("window.scrollTo(0, 0)")
            browser.save_screenshot(str(FOLDER / f"page-{name}.png"))
            found = Axe().run(browser)["violations"]
            self.assertEqual([(each["id"], [node["html"] for node in each["nodes"]]) for each in found], [], name)
            wide = browser.execute_script("return document.documentElement.scrollWidth > window.innerWidth")
            self.assertFalse(wide, name)

    def test_a_token_is_asked_for_once(self):
        with Server(environment={"VIDCLASS_TOKEN": "s3cret"}) as running:
            browser = self.browser()
            browser.get(running.url)
            WebDriverWait(browser, 20).until(lambda b: b.find_element(By.ID, "token").is_displayed())
            browser.find_element(By.ID, "token").send_keys("s3cret" + Keys.ENTER)
            WebDriverWait(browser, 20).until(lambda b: b.find_elements(By.CSS_SELECTOR, "#model option"))
            self.upload(browser, playable())
            self.assertTrue(browser.find_elements(By.CSS_SELECTOR, ".results .value"))


if __name__ == "__main__":
    unittest.main()
