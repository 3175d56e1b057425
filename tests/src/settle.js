// Waits until fonts are there and the page is drawn; then one point of it, too pale to be seen, changes for a second.
const done = arguments[arguments.length - 1];
const point = document.createElement("div");
point.ariaHidden = "true";
point.style.cssText = "position: fixed; left: 0; top: 0; width: 1px; height: 1px; pointer-events: none";
const change = (times) => {
  point.style.background = times % 2 === 0 ? "transparent" : "rgb(0 0 0 / 0.002)";
  if (times === 0) point.remove();
  else setTimeout(change, 50, times - 1);
};
const begin = () => {
  document.documentElement.append(point);
  change(20);
  done();
};
document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(begin, 50))));
