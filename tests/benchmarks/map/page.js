/** When what was drawn has gone to the screen: a task that follows the next frame's callbacks and its paint. */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
  });
}

/** Tell the benchmark that the page stands, and when, counted from the start of its navigation. */
export function settled(count) {
  window.settled = { at: performance.now(), count };
}

/** Bytes of the whole page, typed arrays and canvases included, as the browser counts them itself. */
window.memory = async () => (await performance.measureUserAgentSpecificMemory()).bytes;
