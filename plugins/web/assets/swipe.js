// SPDX-License-Identifier: LGPL-2.1-or-later
// A finger that is drawn over the picture turns to the next post or the one before.

const EDGE = 20; // px from the side of the screen, where the system has gestures of its own
const FAR = 150; // px
const SPEED = 0.2; // px/ms
const STRAIGHT = 1.6; // times as far across as up or down
const REST = 300; // ms without moving: somebody thought better of it

export function turnBySwipes(area) {
  const follow = (rel) => document.querySelector(`.around a[rel=${rel}]`)?.click();
  let start = null;
  let last = 0;

  area.addEventListener("touchstart", ({ touches: [touch, second], timeStamp }) => {
    const fromEdge = touch.clientX < EDGE || touch.clientX > innerWidth - EDGE;
    // A picture that is zoomed is moved, not turned.
    const zoomed = (visualViewport?.scale ?? 1) > 1.05;
    start = second || fromEdge || zoomed ? null : { x: touch.clientX, y: touch.clientY, at: timeStamp };
    last = timeStamp;
  }, { passive: true });
  area.addEventListener("touchmove", ({ touches, timeStamp }) => {
    start = touches.length > 1 || timeStamp - last > REST ? null : start;
    last = timeStamp;
  }, { passive: true });
  area.addEventListener("touchcancel", () => { start = null; });
  area.addEventListener("touchend", ({ changedTouches: [touch], timeStamp }) => {
    if (!start || timeStamp - last > REST) {
      return;
    }
    const x = touch.clientX - start.x, y = Math.abs(touch.clientY - start.y);
    if (Math.abs(x) >= FAR && Math.abs(x) / (timeStamp - start.at) >= SPEED && Math.abs(x) >= STRAIGHT * y) {
      follow(x < 0 ? "next" : "prev");
    }
    start = null;
  });
}
