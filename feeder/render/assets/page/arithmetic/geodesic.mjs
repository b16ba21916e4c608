// The shortest way over the ellipsoid (WGS 84), and a quick look at which pairs are farthest apart.

const EQUATOR_M = 6378137;
const FLATTENING = 1 / 298.257223563;
const POLE_M = EQUATOR_M * (1 - FLATTENING);
const CLOSE_ENOUGH = 1e-14; // of a radian
const MOST_TURNS = 100;

/**
 * Returns the geodesic distance of two places in meters (Vincenty, 1975). Degrees; the two are not on
 * opposite sides of the earth.
 */
export function geodesicMeters(lat, lon, otherLat, otherLon) {
  if (lat === otherLat && lon === otherLon) return 0;
  const [u, v] = [lat, otherLat].map((one) => Math.atan((1 - FLATTENING) * Math.tan(radians(one))));
  const [sinU, cosU, sinV, cosV] = [Math.sin(u), Math.cos(u), Math.sin(v), Math.cos(v)];
  const across = radians(otherLon - lon);
  let lambda = across;
  let at = null;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    at = greatCircle(lambda, sinU, cosU, sinV, cosV);
    const before = lambda;
    lambda = across + turned(at);
    if (Math.abs(lambda - before) < CLOSE_ENOUGH) break;
  }
  return overEllipsoid(at);
}

/**
 * Returns the largest geodesic distance between two of the places, in meters; 0 for one alone. Chords
 * through the earth tell which pairs may be the farthest; only these are measured.
 */
export function widestMeters(places, lat, lon, points) {
  let farthest = 0;
  const chords = [];
  for (let i = 0; i < places.length; i += 1) {
    for (let k = i + 1; k < places.length; k += 1) {
      const chord = chordMeters(points, places[i], places[k]);
      chords.push(chord);
      farthest = Math.max(farthest, chord);
    }
  }
  const least = farthest * (1 - 1e-6 - (farthest / EQUATOR_M) ** 2 / 12);
  let widest = 0;
  for (let i = 0, pair = 0; i < places.length; i += 1) {
    for (let k = i + 1; k < places.length; k += 1, pair += 1) {
      if (chords[pair] < least) continue;
      const [one, other] = [places[i], places[k]];
      widest = Math.max(widest, geodesicMeters(lat[one], lon[one], lat[other], lon[other]));
    }
  }
  return widest;
}

/** Returns x, y and z of places on the ellipsoid, one after another. */
export function earthPoints(lat, lon) {
  const points = new Float64Array(3 * lat.length);
  const eccentricity = FLATTENING * (2 - FLATTENING);
  for (let i = 0; i < lat.length; i += 1) {
    const [phi, lambda] = [radians(lat[i]), radians(lon[i])];
    const normal = EQUATOR_M / Math.sqrt(1 - eccentricity * Math.sin(phi) ** 2);
    points[3 * i] = normal * Math.cos(phi) * Math.cos(lambda);
    points[3 * i + 1] = normal * Math.cos(phi) * Math.sin(lambda);
    points[3 * i + 2] = normal * (1 - eccentricity) * Math.sin(phi);
  }
  return points;
}

/** Returns the straight distance of two of the points, through the earth. */
export function chordMeters(points, one, other) {
  const x = points[3 * one] - points[3 * other];
  const y = points[3 * one + 1] - points[3 * other + 1];
  const z = points[3 * one + 2] - points[3 * other + 2];
  return Math.sqrt(x * x + y * y + z * z);
}

function greatCircle(lambda, sinU, cosU, sinV, cosV) {
  const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
  const sinSigma = Math.hypot(cosV * sinL, cosU * sinV - sinU * cosV * cosL);
  const cosSigma = sinU * sinV + cosU * cosV * cosL;
  const sinAlpha = sinSigma ? (cosU * cosV * sinL) / sinSigma : 0;
  const cosSqAlpha = 1 - sinAlpha ** 2;
  const cosMiddle = cosSqAlpha > 0 ? cosSigma - (2 * sinU * sinV) / cosSqAlpha : 0;
  return { sinSigma, cosSigma, sigma: Math.atan2(sinSigma, cosSigma), sinAlpha, cosSqAlpha, cosMiddle };
}

function turned({ sinSigma, cosSigma, sigma, sinAlpha, cosSqAlpha, cosMiddle }) {
  const f = FLATTENING;
  const c = (f / 16) * cosSqAlpha * (4 + f * (4 - 3 * cosSqAlpha));
  const middle = cosMiddle + c * cosSigma * (2 * cosMiddle ** 2 - 1);
  return (1 - c) * f * sinAlpha * (sigma + c * sinSigma * middle);
}

function overEllipsoid({ sinSigma, cosSigma, sigma, cosSqAlpha, cosMiddle }) {
  const uSq = (cosSqAlpha * (EQUATOR_M ** 2 - POLE_M ** 2)) / POLE_M ** 2;
  const a = 1 + (uSq / 16384) * (4096 + uSq * (uSq * (320 - 175 * uSq) - 768));
  const b = (uSq / 1024) * (256 + uSq * (uSq * (74 - 47 * uSq) - 128));
  const square = 2 * cosMiddle ** 2 - 1;
  const last = (b / 6) * cosMiddle * (4 * sinSigma ** 2 - 3) * (4 * cosMiddle ** 2 - 3);
  const change = b * sinSigma * (cosMiddle + (b / 4) * (cosSigma * square - last));
  return POLE_M * a * (sigma - change);
}

function radians(degrees) {
  return (degrees * Math.PI) / 180;
}
