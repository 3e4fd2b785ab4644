// The outline of the wax mark on a 48 px grid: a circle with nine soft lobes, drawn once as a closed path.

const CENTRE = 24;
const RADIUS = 21;
const LOBE = 1.5;
const LOBES = 9;
const POINTS = 108;

function outline(): string {
  const points: string[] = [];
  for (let i = 0; i < POINTS; i++) {
    const angle = (i / POINTS) * 2 * Math.PI;
    // A slight second wave keeps it from looking like a gear: wax runs unevenly.
    const radius = RADIUS + LOBE * Math.cos(LOBES * angle) + 0.45 * Math.cos(2 * angle + 0.8);
    const x = CENTRE + radius * Math.sin(angle);
    const y = CENTRE - radius * Math.cos(angle);
    points.push(`${x.toFixed(2)} ${y.toFixed(2)}`);
  }
  return `M${points.join('L')}Z`;
}

export const waxOutline = outline();
