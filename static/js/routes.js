// The routes of the record, on one canvas.

const L = window.L;

/** UCDP where_precision -> radius of the circle that stands for a lone place, in metres. */
const RADIUS = { 1: 5000, 2: 25000, 3: 25000, 4: 60000, 5: 25000, 6: 150000, 7: 150000 };
const WORLD_PX = 256; // The world's width at zoom 0.
const EQUATOR_M = 40_075_016.686;
const REACH_PX = 8; // A pointer this close to a line means it.
const WIDEST_PX = 10;
const ARROW_PX = 130; // From one arrow to the next.
const BACK = 0.15; // How much of a route is seen while others stand out.
const CROWD = 400; // From so many routes in view on, halos and arrows would only hide lines.

/** [[lat, lon], …] from the wire form of publish/compact.py, to whatever depth it is nested. */
export function latlngs(shape, scale) {
  if (typeof shape[0] !== "number") return shape.map((part) => latlngs(part, scale));
  const points = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < shape.length; i += 2) {
    x += shape[i];
    y += shape[i + 1];
    points.push([y / scale, x / scale]);
  }
  return points;
}

/** A position on the world at zoom 0, in pixels: Web Mercator, as Leaflet's own EPSG:3857. */
function project(lon, lat) {
  const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return [(lon / 360 + 0.5) * WORLD_PX, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD_PX];
}

/** Colours as the stylesheet has them at present, for what is drawn on a canvas. */
function palette(element) {
  const probe = element.appendChild(document.createElement("span"));
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["c1", "c2", "c3", "c4", "c5", "c6", "halo", "ink", "accent", "paper"];
  const found = Object.fromEntries(names.map((name) => [name, read(name)]));
  probe.remove();
  return found;
}

/**
 * Every distinct route once, on one canvas. It takes part in Leaflet's panning and zooming as a renderer that
 * has no layers of its own.
 */
export const RouteLayer = L.Renderer.extend({
  initialize({ routes, scale, totals, ...options }) {
    L.Renderer.prototype.initialize.call(this, options);
    this.routes = routes;
    this.latlngs = routes.shape.map((shape) => (shape.length ? latlngs(shape, scale) : []));
    this.parts = this.latlngs.map((shape, route) => this._parts(routes.kind[route], shape));
    this.boxes = this.parts.map(boxOf);
    this.at = routes.at.map(([x, y]) => project(x / scale, y / scale));
    // The same number of patrols is as wide under every filter; the busiest of the whole record is widest.
    // Of very many routes most are hairlines, which are painted three times as fast as any other line.
    this.many = routes.kind.length > CROWD;
    this.widest = this.many ? WIDEST_PX / 2 : WIDEST_PX;
    this.thinnest = this.many ? 1 : 1.5;
    const most = totals.reduce((highest, one) => Math.max(highest, one), 1);
    this.step = Math.min(1.1, (this.widest - this.thinnest) / Math.sqrt(most));
    this.order = [];
    this.held = null;
  },

  /** `tally` as the engine gives it, `colours` the number of the colour of each programme. */
  show(tally, colours) {
    this.tally = tally;
    this.colours = colours;
    const { patrols } = tally;
    const { kind } = this.routes;
    // The busiest first, so that thin ones are drawn on top.
    this.order = [...kind.keys()].filter((route) => patrols[route] > 0 && kind[route] !== "");
    this.order.sort((a, b) => patrols[b] - patrols[a]);
    if (this._map) this._paint();
  },

  /** Let only routes with a 1 in `held` stand out; with null all. */
  hold(held) {
    if (held === this.held) return;
    this.held = held;
    if (this._map) this._paint();
  },

  /** The route under a point of the map's container; -1 if none. Lines come before circles, these before areas. */
  nearest(point) {
    const { x, y } = this._map.containerPointToLayerPoint(point).add(this._map.getPixelOrigin());
    const scale = 2 ** this._map.getZoom();
    const at = [x / scale, y / scale];
    let best = -1;
    let least = Infinity;
    for (const route of this.order) {
      const far = this._distance(route, at, scale);
      if (far <= least) [best, least] = [route, far];
    }
    return least < Infinity ? best : -1;
  },

  bounds(route) {
    const { kind, where } = this.routes;
    if (kind[route] === "point") return L.latLng(this.latlngs[route][0]).toBounds(2 * radiusOf(where[route]));
    return flat(this.latlngs[route]);
  },

  width(route) {
    const width = Math.min(this.thinnest + this.step * Math.sqrt(this.tally.patrols[route]), this.widest);
    return this.many ? Math.floor(width) : width;
  },

  colour(route) {
    return `c${this.colours[this.tally.programme[route]]}`;
  },

  recolour() {
    this.palette = palette(this._map.getContainer());
    this._paint();
  },

  _parts(kind, shape) {
    const rings = kind === "line" ? shape : kind === "area" ? shape.flat() : [shape];
    return rings.map((ring) => Float64Array.from(ring.flatMap(([lat, lon]) => project(lon, lat))));
  },

  // Leaflet's hooks

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "routes");
    this._container.setAttribute("aria-hidden", "true");
    this._context = this._container.getContext("2d");
    this.palette = palette(this._map.getContainer());
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = Math.round(size.x * ratio);
    this._container.height = Math.round(size.y * ratio);
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._ratio = ratio;
    this._paint();
  },

  // Painting

  _paint() {
    if (!this.tally || !this._bounds) return;
    const context = this._context;
    const origin = this._map.getPixelOrigin().add(this._bounds.min);
    const view = [this._map.getZoom(), origin.x, origin.y].join();
    if (view !== this._view) {
      this._view = view;
      this._paths = new Map();
      this._scale = 2 ** this._map.getZoom();
      this._origin = [origin.x, origin.y];
    }
    context.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
    context.clearRect(0, 0, this._container.width, this._container.height);
    const seen = this.order.filter((route) => this._inView(this.boxes[route]));
    this._crowd = seen.length > CROWD;
    context.lineJoin = this._crowd ? "bevel" : "round";
    context.lineCap = this._crowd ? "butt" : "round";
    const { kind } = this.routes;
    const { held } = this;
    if (held) this._layer(seen.filter((route) => !held[route]), BACK);
    this._layer(held ? seen.filter((route) => held[route]) : seen);
    const counted = ["line", "point", "area"].map((name) => this.order.filter((one) => kind[one] === name).length);
    [this._container.dataset.lines, this._container.dataset.points, this._container.dataset.areas] = counted;
  },

  /** Some of the routes with all that belongs to them, on top of what is there. */
  _layer(routes, opacity = 1) {
    const { kind, directed } = this.routes;
    this._opacity = opacity;
    this._areas(routes.filter((route) => kind[route] === "area"));
    this._spots(routes.filter((route) => kind[route] === "point"));
    const lines = routes.filter((route) => kind[route] === "line");
    this._lines(lines);
    this._context.globalAlpha = opacity;
    if (!this._crowd) this._arrows(lines.filter((route) => directed[route]));
    this._incidents(routes);
    this._context.globalAlpha = 1;
  },

  _inView([west, north, east, south]) {
    const size = this._bounds.getSize();
    const [x, y] = this._origin;
    const scale = this._scale;
    const margin = 300; // The radius of a circle is not in its box.
    return west * scale < x + size.x + margin && east * scale > x - margin
      && north * scale < y + size.y + margin && south * scale > y - margin;
  },

  /** From the widest to the thinnest. In a crowd there are no halos, which would only cover each other. */
  _lines(routes) {
    const context = this._context;
    const bands = new Map();
    for (const route of routes) {
      const width = Math.round(this.width(route) * 2) / 2;
      if (!bands.has(width)) bands.set(width, []);
      bands.get(width).push(route);
    }
    context.setLineDash([]);
    for (const [width, band] of bands) {
      const paths = band.map((route) => this._path(route));
      if (!this._crowd) {
        context.lineWidth = width + 2.5;
        context.strokeStyle = this.palette.halo;
        band.forEach((route, index) => {
          context.globalAlpha = this._fade(route);
          context.stroke(paths[index]);
        });
      }
      context.lineWidth = width;
      band.forEach((route, index) => {
        context.globalAlpha = this._fade(route);
        context.strokeStyle = this.palette[this.colour(route)];
        context.stroke(paths[index]);
      });
    }
    context.globalAlpha = 1;
  },

  /** How much of a route is seen, from 0 to 1: it fades in the playback, and steps back behind others. */
  _fade(route) {
    return this._opacity * (this.tally.fade ? this.tally.fade[route] : 1);
  },

  /** The route's line or ring where the view is now; kept until the view moves. */
  _path(route, close = false) {
    let path = this._paths.get(route);
    if (path) return path;
    path = new Path2D();
    this._paths.set(route, path);
    const scale = this._scale;
    const [left, top] = this._origin;
    for (const points of this.parts[route]) {
      const kept = simplified(points, (this._crowd ? 2 : 1) / scale);
      path.moveTo(kept[0] * scale - left, kept[1] * scale - top);
      for (let i = 2; i < kept.length; i += 2) path.lineTo(kept[i] * scale - left, kept[i + 1] * scale - top);
      if (close) path.closePath();
    }
    return path;
  },

  _areas(routes) {
    const context = this._context;
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    for (const route of routes) {
      this._shade(route, this._path(route, true), 0.18);
    }
  },

  _spots(routes) {
    const context = this._context;
    context.setLineDash([4, 4]);
    for (const route of routes) {
      const path = new Path2D();
      const [x, y] = this._pixel(this.parts[route][0]);
      path.arc(x, y, this._radius(route, this._scale), 0, 2 * Math.PI);
      context.lineWidth = 1 + this.width(route) / 3;
      this._shade(route, path, 0.06);
    }
  },

  _shade(route, path, opacity) {
    const context = this._context;
    context.fillStyle = context.strokeStyle = this.palette[this.colour(route)];
    context.globalAlpha = opacity * this._fade(route);
    context.fill(path, "evenodd");
    context.globalAlpha = this._fade(route);
    context.stroke(path);
    context.globalAlpha = 1;
  },

  /** Which way, on lines whose first and last stop were told. */
  _arrows(routes) {
    const context = this._context;
    const path = new Path2D();
    for (const route of routes) {
      for (const points of this.parts[route]) {
        let next = ARROW_PX / 2;
        for (let i = 2; i < points.length; i += 2) {
          const [x0, y0] = this._pixel(points, i - 2);
          const [x1, y1] = this._pixel(points, i);
          const long = Math.hypot(x1 - x0, y1 - y0);
          for (; next <= long; next += ARROW_PX) {
            const share = next / long;
            arrow(path, x0 + share * (x1 - x0), y0 + share * (y1 - y0), Math.atan2(y1 - y0, x1 - x0));
          }
          next -= long;
        }
      }
    }
    context.setLineDash([]);
    context.lineWidth = 2;
    context.strokeStyle = this.palette.halo;
    context.fillStyle = this.palette.ink;
    context.stroke(path);
    context.fill(path);
  },

  /** A mark on each route with an incident. It stands in the middle: where on the route is not known. */
  _incidents(routes) {
    const context = this._context;
    const path = new Path2D();
    context.fillStyle = this.palette.accent;
    for (const route of routes) {
      if (!this.tally.incidents[route]) continue;
      if (this._crowd) {
        const [left, top] = this._pixel(this.at[route]);
        context.fillRect(Math.round(left) - 2, Math.round(top) - 2, 4, 4);
        continue;
      }
      const [x, y] = this._pixel(this.at[route]);
      path.moveTo(x, y - 7);
      path.lineTo(x + 7, y + 5);
      path.lineTo(x - 7, y + 5);
      path.closePath();
    }
    context.setLineDash([]);
    context.lineWidth = 2.5;
    context.strokeStyle = this.palette.halo;
    context.stroke(path);
    context.fill(path);
  },

  _pixel(points, index = 0) {
    return [points[index] * this._scale - this._origin[0], points[index + 1] * this._scale - this._origin[1]];
  },

  /** Radius of a circle in pixels where the world is `scale` times as wide as at zoom 0. */
  _radius(route, scale) {
    const [lat] = this.latlngs[route][0];
    const metresAPixel = (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (WORLD_PX * scale);
    return radiusOf(this.routes.where[route]) / metresAPixel;
  },

  // Finding

  /** How far a route is from a point, in pixels; circles and areas count as further than any line. */
  _distance(route, [x, y], scale) {
    const [west, north, east, south] = this.boxes[route];
    const kind = this.routes.kind[route];
    if (kind === "point") {
      const far = Math.hypot(west - x, north - y) * scale;
      const radius = this._radius(route, scale);
      return far <= radius ? 1000 + far : Infinity;
    }
    const reach = kind === "line" ? Math.max(REACH_PX, this.width(route) / 2 + 2) / scale : 0;
    if (x < west - reach || x > east + reach || y < north - reach || y > south + reach) return Infinity;
    if (kind === "area") return inside(this.parts[route], x, y) ? 100_000 : Infinity;
    const far = Math.min(...this.parts[route].map((points) => fromLine(points, x, y)));
    return far <= reach ? far * scale : Infinity;
  },
});

export function radiusOf(where) {
  return RADIUS[where] ?? RADIUS[2];
}

/** [west, north, east, south] of lists of points. */
function boxOf(parts) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const points of parts) {
    for (let i = 0; i < points.length; i += 2) {
      box[0] = Math.min(box[0], points[i]);
      box[1] = Math.min(box[1], points[i + 1]);
      box[2] = Math.max(box[2], points[i]);
      box[3] = Math.max(box[3], points[i + 1]);
    }
  }
  return box;
}

/** The points without those that lie within `reach` of the line through the others (Douglas and Peucker). */
function simplified(points, reach) {
  const last = points.length / 2 - 1;
  if (last < 2) return points;
  const kept = new Uint8Array(last + 1);
  kept[0] = kept[last] = 1;
  const waiting = [[0, last]];
  while (waiting.length) {
    const [first, end] = waiting.pop();
    const leg = [points[2 * first], points[2 * first + 1], points[2 * end], points[2 * end + 1]];
    let furthest = reach;
    let at = 0;
    for (let i = first + 1; i < end; i += 1) {
      const far = fromLine(leg, points[2 * i], points[2 * i + 1]);
      if (far > furthest) [furthest, at] = [far, i];
    }
    if (!at) continue;
    kept[at] = 1;
    waiting.push([first, at], [at, end]);
  }
  return points.filter((_value, index) => kept[index >> 1]);
}

function fromLine(points, x, y) {
  let least = Infinity;
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0] = [points[i - 2], points[i - 1]];
    const [dx, dy] = [points[i] - x0, points[i + 1] - y0];
    const share = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(x0 + share * dx - x, y0 + share * dy - y));
  }
  return least;
}

/** Whether a point lies inside rings, by counting the edges to its right. */
function inside(rings, x, y) {
  let odd = false;
  for (const points of rings) {
    for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
      const [xi, yi, xj, yj] = [points[i], points[i + 1], points[j], points[j + 1]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    }
  }
  return odd;
}

function arrow(path, x, y, turn) {
  const point = (far, angle) => [x + far * Math.cos(turn + angle), y + far * Math.sin(turn + angle)];
  path.moveTo(...point(6, 0));
  path.lineTo(...point(6, 2.5));
  path.lineTo(...point(2.5, Math.PI));
  path.lineTo(...point(6, -2.5));
  path.closePath();
}

/** The box around points, to whatever depth they are nested. */
export function flat(points) {
  if (typeof points[0] === "number") return L.latLngBounds([points]);
  return points.reduce((box, part) => box.extend(flat(part)), L.latLngBounds([]));
}
