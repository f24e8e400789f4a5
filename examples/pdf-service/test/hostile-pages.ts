/** Where hostile pages try to get to. */
export interface Places {
  /** `host:port` of a server in the private network that is not allowed. */
  readonly canary: string;
  /** `host:port` of a site that is allowed, and redirects to `to` at `/go?to=…`. */
  readonly site: string;
}

/** A page, by what it tries; all of them are printed or refused, and reach nothing. */
export const HOSTILE_PAGES: Readonly<Record<string, (places: Places) => string>> = {
  "an image of a private address": ({ canary }) => `<img src="http://${canary}/">`,
  "an image of the metadata service": () => `<img src="http://169.254.169.254/latest/meta-data/">`,
  "an iframe of a private address": ({ canary }) => `<iframe src="http://${canary}/" width=600 height=600></iframe>`,
  "an iframe of the service itself": () => `<iframe src="http://127.0.0.1:3000/metrics" width=600 height=900></iframe>`,
  "an iframe of localhost": () => `<iframe src="http://localhost:3000/metrics" width=600 height=900></iframe>`,
  "an iframe of a file": () => `<iframe src="file:///etc/passwd" width=600 height=900></iframe>`,
  "an object and an embed": ({ canary }) => `<object data="http://${canary}/"></object><embed src="http://${canary}/">`,
  "a stylesheet and its import": ({ canary }) =>
    `<link rel=stylesheet href="http://${canary}/a.css"><style>@import "http://${canary}/b.css";</style>`,
  "a background and a font": ({ canary }) =>
    `<style>@font-face{font-family:x;src:url(http://${canary}/x.woff2)}body{font-family:x;background:url(http://${canary}/)}</style>text`,
  "a script and a module": ({ canary }) =>
    `<script src="http://${canary}/a.js"></script><script type=module src="http://${canary}/b.js"></script>`,
  "audio, video and their tracks": ({ canary }) =>
    `<video autoplay poster="http://${canary}/p" src="http://${canary}/v"></video><audio autoplay src="http://${canary}/a"></audio>`,
  "an SVG with images": ({ canary }) => `<svg><image href="http://${canary}/"/><use href="http://${canary}/#a"/></svg>`,
  "fetch and XMLHttpRequest": ({ canary }) =>
    script(`
    for (const mode of ["cors", "no-cors"]) try { say(await (await fetch("http://${canary}/", { mode })).text()) } catch (e) { say(e) }
    const x = new XMLHttpRequest(); x.open("GET", "http://${canary}/", false); try { x.send(); say(x.responseText) } catch (e) { say(e) }`),
  "a beacon": ({ canary }) => script(`navigator.sendBeacon("http://${canary}/", "x")`),
  "a WebSocket": ({ canary }) =>
    script(`
    for (const url of ["ws://${canary}/", "wss://${canary}/", "ws://127.0.0.1:3000/"]) {
      const socket = new WebSocket(url);
      say(await new Promise((resolve) => { socket.onopen = () => resolve("OPEN " + url); socket.onerror = () => resolve("closed") }));
    }`),
  "an EventSource": ({ canary }) => script(`new EventSource("http://${canary}/")`),
  "WebRTC with STUN and TURN": ({ canary }) =>
    script(`
    const servers = ["stun:${canary}", "turn:${canary}?transport=udp", "turn:${canary}?transport=tcp"];
    const peer = new RTCPeerConnection({ iceServers: servers.map((urls) => ({ urls, username: "a", credential: "b" })) });
    peer.createDataChannel("x"); peer.onicecandidate = ({ candidate }) => say(candidate?.candidate ?? "");
    await peer.setLocalDescription(await peer.createOffer()); await new Promise((resolve) => setTimeout(resolve, 1500));`),
  WebTransport: ({ canary }) => script(`await new WebTransport("https://${canary}/").ready; say("OPEN")`),
  "a service worker": () => script(`await navigator.serviceWorker.register("/sw.js"); say("OPEN")`),
  "a worker from a blob": ({ canary }) =>
    script(`
    const code = 'fetch("http://${canary}/").then((r) => r.text()).then(postMessage, (e) => postMessage(String(e)))';
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    say(await new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data) }));`),
  "prefetch, preconnect, preload, prerender": ({ canary }) =>
    ["prefetch", "preconnect", "dns-prefetch", "preload", "prerender", "modulepreload", "icon", "manifest"]
      .map((rel) => `<link rel="${rel}" as="image" href="http://${canary}/${rel}">`)
      .join("") +
    `<script type=speculationrules>{"prefetch":[{"urls":["http://${canary}/s"]}],"prerender":[{"urls":["http://${canary}/t"]}]}</script>`,
  "a form that sends itself": ({ canary }) =>
    `<form method=post action="http://${canary}/"><input name=a value=b></form><script>document.forms[0].submit()</script>`,
  "a refresh": ({ canary }) => `<meta http-equiv=refresh content="0;url=http://${canary}/">text`,
  "a script that goes elsewhere": ({ canary }) => script(`location = "http://${canary}/"`),
  "a window that it opens": ({ canary }) => script(`for (let i = 0; i < 20; i++) open("http://${canary}/")`),
  "a download": ({ canary }) =>
    `<a download href="http://${canary}/">x</a><script>document.querySelector("a").click()</script>`,
  "an allowed site that redirects to a private address": ({ site, canary }) => framed(site, `http://${canary}/`),
  "an allowed site that redirects to loopback": ({ site }) => framed(site, "http://127.0.0.1:3000/metrics"),
  "an allowed site that redirects to the metadata service": ({ site }) => framed(site, "http://169.254.169.254/"),
  "an allowed site that redirects to a file": ({ site }) => framed(site, "file:///etc/passwd"),
  "odd forms of loopback": () =>
    [
      "2130706433:3000",
      "0x7f.1:3000",
      "0177.0.0.1:3000",
      "0:3000",
      "[::1]:3000",
      "[::ffff:127.0.0.1]:3000",
      "localhost.:3000",
    ]
      .map((host) => `<iframe src="http://${host}/metrics" width=600 height=200></iframe>`)
      .join(""),
  "the proxy of its own job": () =>
    script(`
    for (let port = 32768; port < 61000; port += 97) fetch("http://127.0.0.1:" + port + "/", { mode: "no-cors" }).catch(() => {});`),
};

/** Runs a script with `say`, which writes into the page. */
export function script(code: string): string {
  return `<pre id=out></pre><script>
    const say = (text) => { document.getElementById("out").textContent += text + "\\n" };
    (async () => { ${code} })().catch((error) => say(error)).finally(() => { window.finished = true });
  </script>`;
}

function framed(site: string, to: string): string {
  return `<iframe src="http://${site}/go?to=${encodeURIComponent(to)}" width=600 height=600></iframe>`;
}
